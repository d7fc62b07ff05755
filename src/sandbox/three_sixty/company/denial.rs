//! Why the company does not do what it is asked for.

/// A refusal with its documented code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Denial {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
}

/// What makes no sense whoever asks: a body that breaks the schema. The fact sheet has no code for it.
pub(crate) const BAD_REQUEST: Denial = Denial { status: 400, code: "badRequest" };

/// Something against a rule, or against the state of things.
pub(crate) const fn invalid(code: &'static str) -> Denial {
    Denial { status: 400, code }
}

/// Something that is not there.
pub(crate) const fn missing(code: &'static str) -> Denial {
    Denial { status: 404, code }
}
