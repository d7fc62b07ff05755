//! Filters in brackets, such as `mail[eq]=a%40x.example` (apis/360learning.md §2). A filter that is not known is
//! ignored.

use crate::sandbox::three_sixty::company::denial::{BAD_REQUEST, Denial};
use crate::sandbox::three_sixty::switches::InValues;

/// The filters of a query.
#[derive(Debug)]
pub(super) struct Filters(Vec<Filter>);

#[derive(Debug)]
struct Filter {
    field: &'static str,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Eq,
    Ne,
    In,
    Nin,
    Gte,
    Lt,
}

impl Filters {
    /// Those of a query that are of these fields.
    pub(super) fn of(query: &[(String, String)], fields: &[&'static str], style: InValues) -> Self {
        let mut filters: Vec<Filter> = Vec::new();
        for (key, value) in query {
            let Some((field, operator)) = parse(key, fields, style) else { continue };
            let values: Vec<String> = match (operator, style) {
                (Operator::In | Operator::Nin, InValues::Comma) => value.split(',').map(str::to_owned).collect(),
                _ => vec![value.clone()],
            };
            match filters.iter_mut().find(|filter| filter.field == field && filter.operator == operator) {
                Some(filter) => filter.values.extend(values),
                None => filters.push(Filter { field, operator, values }),
            }
        }
        Self(filters)
    }

    /// Sees that a field is only compared with words that there are.
    pub(super) fn only(self, field: &str, words: &[&str]) -> Result<Self, Denial> {
        let strange = |filter: &Filter| {
            filter.field == field && filter.values.iter().any(|value| !words.contains(&value.as_str()))
        };
        if self.0.iter().any(strange) { Err(BAD_REQUEST) } else { Ok(self) }
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.0.iter().any(|filter| filter.field == field)
    }

    /// Whether a value passes what is asked of its field.
    pub(super) fn pass(&self, field: &str, value: Option<&str>) -> bool {
        self.0.iter().filter(|filter| filter.field == field).all(|filter| filter.passes(value))
    }

    /// The same whatever the case.
    pub(super) fn pass_in_any_case(&self, field: &str, value: Option<&str>) -> bool {
        let value = value.map(str::to_lowercase);
        let lower = |filter: &Filter| Filter {
            field: filter.field,
            operator: filter.operator,
            values: filter.values.iter().map(|value| value.to_lowercase()).collect(),
        };
        self.0.iter().filter(|filter| filter.field == field).all(|filter| lower(filter).passes(value.as_deref()))
    }
}

impl Filter {
    fn passes(&self, value: Option<&str>) -> bool {
        let among = value.is_some_and(|value| self.values.iter().any(|wanted| wanted == value));
        let beside = |fits: fn(&str, &str) -> bool| {
            value.is_some_and(|value| self.values.iter().all(|wanted| fits(value, wanted)))
        };
        match self.operator {
            Operator::Eq | Operator::In => among,
            Operator::Ne | Operator::Nin => !among,
            Operator::Gte => beside(|value, wanted| value >= wanted),
            Operator::Lt => beside(|value, wanted| value < wanted),
        }
    }
}

fn parse(key: &str, fields: &[&'static str], style: InValues) -> Option<(&'static str, Operator)> {
    let (name, rest) = key.split_once('[')?;
    let field = fields.iter().copied().find(|field| *field == name)?;
    let (operator, index) = rest.split_once(']')?;
    let operator = match operator {
        "eq" => Operator::Eq,
        "ne" => Operator::Ne,
        "in" => Operator::In,
        "nin" => Operator::Nin,
        "gte" => Operator::Gte,
        "lt" => Operator::Lt,
        _ => return None,
    };
    let indexed = matches!(operator, Operator::In | Operator::Nin) && style == InValues::Indexed;
    (indexed != index.is_empty()).then_some((field, operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_of_known_fields_are_read_in_the_style_that_is_switched() {
        let query = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let repeated = Filters::of(
            &query(&[("mail[in]", "a"), ("mail[in]", "b"), ("size[eq]", "L")]),
            &["mail"],
            InValues::Repeated,
        );
        assert!(repeated.pass("mail", Some("b")) && !repeated.pass("mail", Some("c")) && !repeated.has("size"));
        let indexed = Filters::of(&query(&[("mail[in][0]", "a"), ("mail[in]", "b")]), &["mail"], InValues::Indexed);
        assert!(indexed.pass("mail", Some("a")) && !indexed.pass("mail", Some("b")));
        let comma = Filters::of(&query(&[("mail[nin]", "a,b")]), &["mail"], InValues::Comma);
        assert!(!comma.pass("mail", Some("b")) && comma.pass("mail", None));
    }
}
