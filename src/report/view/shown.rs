//! How much of a report is shown: mail programs cut pages that are too long, wherever that happens to be.

use super::super::words::PEOPLE_SHOWN;

/// The most of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Shown {
    /// People of one cause.
    pub(in super::super) people: usize,
    /// People of one kind of change. Fewer, because each takes many lines.
    pub(in super::super) changed: usize,
    /// Changes of one person.
    pub(in super::super) lines: usize,
    /// Causes, rules, new groups.
    pub(in super::super) entries: usize,
}

impl Shown {
    /// What the text shows; everybody is in what is attached.
    pub(in super::super) const ALL: Self = Self { people: PEOPLE_SHOWN, changed: 100, lines: 40, entries: 100 };

    /// Less and less, for a page that must not become too long.
    pub(in super::super) const LESS: [Self; 5] = [
        Self { people: 60, changed: 40, lines: 20, entries: 50 },
        Self { people: 20, changed: 15, lines: 12, entries: 25 },
        Self { people: 8, changed: 5, lines: 8, entries: 12 },
        Self { people: 3, changed: 2, lines: 5, entries: 8 },
        Self { people: 1, changed: 1, lines: 3, entries: 5 },
    ];
}
