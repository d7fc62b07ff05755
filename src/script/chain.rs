//! Shapes of Rhai's syntax tree that take more than one look: chains like `a[b].c(d)` nest to the right.

use rhai::{ASTFlags, Expr, FnCallExpr, FnPtr, Position};

/// How the next part of a chain is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    Index,
    Dot,
}

/// Rhai looks at the size of a map after a call, but not after `map[key] = item`; with literal keys it cannot grow.
pub(super) fn computed_index(target: &Expr) -> Option<Position> {
    let mut rest = target;
    loop {
        let (Expr::Index(sides, flags, _) | Expr::Dot(sides, flags, _)) = rest else { return None };
        let next = match &sides.rhs {
            Expr::Index(inner, ..) | Expr::Dot(inner, ..) if !flags.intersects(ASTFlags::BREAK) => &inner.lhs,
            link => link,
        };
        let is_literal = matches!(next, Expr::StringConstant(..) | Expr::IntegerConstant(..));
        if matches!(rest, Expr::Index(..)) && !is_literal {
            return Some(next.start_position());
        }
        if flags.intersects(ASTFlags::BREAK) {
            return None;
        }
        rest = &sides.rhs;
    }
}

/// The closure that a call written by Rhai itself gives its outer variables to.
pub(super) fn captured_by(call: &FnCallExpr) -> Option<String> {
    let Expr::DynamicConstant(value, _) = call.args.first()? else { return None };
    (call.name == "curry").then_some(())?;
    value.read_lock::<FnPtr>().map(|closure| closure.fn_name().to_owned())
}

/// `employee.work.site` → `work.site`, for saying how it is written.
pub(super) fn dotted(expr: &Expr) -> Option<String> {
    let mut names = Vec::new();
    let Expr::Dot(sides, ..) = expr else { return None };
    let mut rest = &sides.rhs;
    loop {
        match rest {
            Expr::Property(property, _) => {
                names.push(property.2.to_string());
                break;
            }
            Expr::Dot(sides, ..) => match &sides.lhs {
                Expr::Property(property, _) => {
                    names.push(property.2.to_string());
                    rest = &sides.rhs;
                }
                _ => break,
            },
            _ => break,
        }
    }
    (!names.is_empty()).then(|| names.join("."))
}
