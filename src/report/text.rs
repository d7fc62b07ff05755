//! The report as plain text.

use std::fmt::Write;

use super::RunReport;
use super::language::Words;
use super::view::{Item, List, Person, Row, Section, TotalsTable, View};
use super::words::one_line;

/// The report as plain text: the headline, what needs attention, then everything else.
#[must_use]
pub fn text(report: &RunReport) -> String {
    text_of(&View::of(report))
}

/// The same, from what is to be read in it.
pub(super) fn text_of(view: &View) -> String {
    let mut page = Page { text: String::new(), words: view.words };
    page.line(0, &view.headline);
    page.gap();
    view.facts.iter().for_each(|fact| page.line(0, fact));
    if !view.attention.is_empty() {
        page.heading(&view.words.say("attention"));
        view.attention.iter().enumerate().for_each(|(index, item)| page.item(index + 1, item));
        view.more_causes().iter().for_each(|more| page.line(0, more));
    }
    page.totals(&view.totals);
    page.trend(view);
    view.sections.iter().for_each(|section| page.section(section));
    page.rules(view);
    view.no_group.iter().for_each(|section| page.section(section));
    view.lists.iter().for_each(|list| page.list(list));
    page.gap();
    page.line(0, &view.run);
    page.text
}

/// The text so far.
struct Page {
    text: String,
    words: Words,
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
        self.line(0, &format!("{place}. {} {}", self.words.labelled(item.heading.clone()), item.what));
        let labels = ["attention-whose", "attention-todo", "attention-where"].map(|label| self.words.titled(label));
        let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or_default() + 1;
        let values = [Some(&item.whose), Some(&item.todo), item.place.as_ref()];
        for (label, value) in labels.into_iter().zip(values) {
            if let Some(value) = value {
                self.line(3, &format!("{label:<width$} {value}"));
            }
        }
        if !item.paste.is_empty() {
            self.line(3, &item.paste_title);
            item.paste.iter().for_each(|line| self.line(6, line));
        }
        if !item.people.is_empty() {
            self.line(3, &self.words.titled("attention-concerns"));
        }
        item.people.iter().for_each(|person| self.person(6, person));
        item.more(&self.words).iter().for_each(|more| self.line(6, more));
    }

    fn person(&mut self, indent: usize, person: &Person) {
        let new = if person.is_new { self.words.say("attention-new") } else { String::new() };
        let parts = [&person.name, &person.contact, &person.detail, &new];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        self.line(indent, &parts.join(" · "));
        for change in &person.changes {
            let why = change.why.as_ref().map(|why| format!("   [{why}]")).unwrap_or_default();
            let before = change.before.as_ref().map(|before| format!("{before} → ")).unwrap_or_default();
            self.line(indent + 3, &format!("{} {before}{}{why}", change.label, change.after));
        }
        person.more(&self.words).iter().for_each(|more| self.line(indent + 3, more));
    }

    fn section(&mut self, section: &Section) {
        self.heading(&section.title);
        section.note.iter().for_each(|note| self.line(0, note));
        section.people.iter().for_each(|person| self.person(0, person));
        section.more(&self.words).iter().for_each(|more| self.line(0, more));
    }

    fn totals(&mut self, totals: &TotalsTable) {
        self.heading(&self.words.say("totals"));
        let rows = || totals.rows.iter().chain([&totals.sum]);
        let label = rows().map(|row| row.label.chars().count()).max().unwrap_or_default() + 1;
        let widths: Vec<usize> = totals.columns.iter().map(|title| (title.chars().count() + 2).max(10)).collect();
        self.row("", &totals.columns, label.max(14), &widths);
        rows().for_each(|Row { label: name, counts, .. }| self.row(name, counts, label.max(14), &widths));
        self.line(0, &totals.note);
    }

    fn row(&mut self, name: &str, counts: &[String], label: usize, widths: &[usize]) {
        let cells: String = counts.iter().zip(widths).map(|(count, width)| format!("{count:>width$}")).collect();
        self.line(0, format!("{name:<label$}{cells}").trim_end());
    }

    fn trend(&mut self, view: &View) {
        let Some(trend) = &view.trend else { return };
        self.heading(&trend.title);
        trend.listed().for_each(|run| self.line(0, run));
    }

    fn rules(&mut self, view: &View) {
        if view.rules.is_empty() {
            return;
        }
        self.heading(&self.words.say("section-rules"));
        for rule in &view.rules {
            self.line(
                0,
                &format!(
                    "{:>7}  {} {}",
                    self.words.number(rule.count),
                    self.words.labelled(rule.kind.clone()),
                    rule.why
                ),
            );
            if !rule.people.is_empty() {
                self.line(9, &rule.named(&self.words));
            }
        }
    }

    fn list(&mut self, list: &List) {
        self.heading(&list.title);
        list.pairs
            .iter()
            .for_each(|(name, value)| self.line(0, &format!("{} {value}", self.words.labelled(name.clone()))));
        list.more(&self.words).iter().for_each(|more| self.line(0, more));
    }
}
