//! How much of a report is shown: mail programs cut pages that are too long, wherever that happens to be.

/// The most of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Shown {
    /// People whose changes are held, and rows to paste.
    pub(in super::super) held: usize,
    /// People of any other cause, who are many where something is wrong with all of them.
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
    pub(in super::super) const ALL: Self = Self { held: 200, people: 25, changed: 100, lines: 40, entries: 100 };

    /// Less and less, for a page that must not become too long.
    pub(in super::super) const LESS: [Self; 5] = [
        Self { held: 100, people: 25, changed: 50, lines: 20, entries: 50 },
        Self { held: 60, people: 15, changed: 20, lines: 12, entries: 25 },
        Self { held: 25, people: 8, changed: 8, lines: 8, entries: 12 },
        Self { held: 10, people: 3, changed: 3, lines: 5, entries: 8 },
        Self { held: 3, people: 1, changed: 1, lines: 3, entries: 5 },
    ];
}
