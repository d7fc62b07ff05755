//! The report as plain text.

use std::fmt::Write;

use super::RunReport;
use super::view::{Item, Person, Row, Section, TotalsTable, View};
use super::words::one_line;

/// The report as plain text: the headline, what needs attention, then everything else.
#[must_use]
pub fn text(report: &RunReport) -> String {
    text_of(&View::of(report))
}

/// The same, from what is to be read in it.
pub(super) fn text_of(view: &View) -> String {
    let mut page = Page::default();
    page.line(0, &view.headline);
    page.gap();
    view.facts.iter().for_each(|fact| page.line(0, fact));
    if !view.attention.is_empty() {
        page.heading("What needs attention");
        view.attention.iter().enumerate().for_each(|(index, item)| page.item(index + 1, item));
        view.attention_more.iter().for_each(|more| page.line(0, more));
    }
    page.totals(&view.totals);
    view.sections.iter().for_each(|section| page.section(section));
    page.rules(view);
    view.no_group.iter().for_each(|section| page.section(section));
    page.pairs("Groups and teams that were made", &view.new_groups);
    page.pairs("Groups and teams that were changed", &view.group_changes);
    page.pairs("Timing", &view.timing);
    page.gap();
    page.line(0, &format!("Run {}", view.run));
    page.text
}

/// The text so far.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    /// One line; whatever is in it, it stays one.
    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.text, "{:indent$}{}", "", one_line(text));
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }

    fn heading(&mut self, title: &str) {
        self.gap();
        self.line(0, title);
        self.line(0, &"-".repeat(title.chars().count()));
    }

    fn item(&mut self, place: usize, item: &Item) {
        if place > 1 {
            self.gap();
        }
        self.line(0, &format!("{place}. {}: {}", item.heading, item.what));
        self.line(3, &format!("Whose move:  {}", item.whose));
        self.line(3, &format!("What to do:  {}", item.todo));
        if let Some(place) = &item.place {
            self.line(3, &format!("Where:       {place}"));
        }
        if let Some(paste) = &item.paste {
            self.line(3, &format!("{}:", item.paste_title));
            paste.lines().for_each(|line| self.line(6, line));
        }
        if !item.people.is_empty() {
            self.line(3, "Concerns:");
        }
        item.people.iter().for_each(|person| self.person(6, person));
        item.more.iter().for_each(|more| self.line(6, more));
    }

    fn person(&mut self, indent: usize, person: &Person) {
        let parts = [&person.name, &person.contact, &person.detail];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        self.line(indent, &parts.join(" · "));
        for line in &person.lines {
            let why = line.why.as_ref().map(|why| format!("   [{why}]")).unwrap_or_default();
            self.line(indent + 3, &format!("{line}{why}"));
        }
    }

    fn section(&mut self, section: &Section) {
        self.heading(&section.title);
        section.note.iter().for_each(|note| self.line(0, note));
        section.people.iter().for_each(|person| self.person(0, person));
        section.more.iter().for_each(|more| self.line(0, more));
    }

    fn totals(&mut self, totals: &TotalsTable) {
        self.heading("Totals");
        let titles = totals.columns.iter().map(|title| (*title).to_owned()).collect();
        self.row(&Row { label: "", counts: titles });
        totals.rows.iter().chain([&totals.sum]).for_each(|row| self.row(row));
        self.line(0, &totals.note);
    }

    fn row(&mut self, row: &Row) {
        let counts: String = row.counts.iter().map(|count| format!("{count:>10}")).collect();
        self.line(0, format!("{:<14}{counts}", row.label).trim_end());
    }

    fn rules(&mut self, view: &View) {
        if view.rules.is_empty() {
            return;
        }
        self.heading("Left alone, by rule");
        for rule in &view.rules {
            self.line(0, &format!("{:>7}  {}: {}", rule.count, rule.kind, rule.why));
        }
    }

    fn pairs(&mut self, title: &str, pairs: &[(String, String)]) {
        if pairs.is_empty() {
            return;
        }
        self.heading(title);
        pairs.iter().for_each(|(name, value)| self.line(0, &format!("{name}: {value}")));
    }
}
