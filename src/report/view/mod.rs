//! The report as it is read: every word of it in order, before it becomes text or a page.

use super::attention::{Attention, Cause, with_values_hidden};
use super::changes::Names;
use super::language::Words;
use super::privacy::HIDDEN;
use super::subject::{headline_with, subject_with};
use super::words::{capital, readable, sentence, short};
use super::{RunReport, wrote_before_failing};
use crate::model::plan::{GroupChange, NewGroup};
use crate::model::{GroupKind, OutcomeKind};

mod facts;
mod groups;
mod people;
mod rules;
mod shown;
mod totals;
mod trend;

pub(super) use facts::phase;
pub(super) use groups::update;
pub(super) use people::{Person, Section};
pub(super) use rules::{Rule, is_left_alone};
pub(super) use shown::Shown;
pub(super) use totals::{Row, TotalsTable, word};
pub(super) use trend::Trend;

/// The whole report.
pub(super) struct View {
    pub(super) words: Words,
    pub(super) subject: String,
    pub(super) headline: String,
    /// Which recipe, from where to where, for which day, and what else is worth knowing before reading on.
    pub(super) facts: Vec<String>,
    pub(super) attention: Vec<Item>,
    pub(super) totals: TotalsTable,
    /// The last runs as a picture; nothing where there are too few.
    pub(super) trend: Option<Trend>,
    /// Who was changed, and how.
    pub(super) sections: Vec<Section>,
    /// Who was left alone, by the rule that decided.
    pub(super) rules: Vec<Rule>,
    /// Active people for whom no group rule matched.
    pub(super) no_group: Option<Section>,
    /// Short lists: groups that were made and changed, who joined and left them, timing.
    pub(super) lists: Vec<List>,
    pub(super) run: String,
    /// How many causes there are, those that are not among [`View::attention`] too.
    pub(super) causes: usize,
}

/// One cause that needs attention.
pub(super) struct Item {
    pub(super) heading: String,
    /// How urgent it looks.
    pub(super) tone: &'static str,
    pub(super) what: String,
    pub(super) whose: String,
    pub(super) todo: String,
    pub(super) place: Option<String>,
    /// What to do with [`Item::paste`].
    pub(super) paste_title: String,
    /// Lines, ready as they are.
    pub(super) paste: Vec<String>,
    pub(super) count: String,
    pub(super) people: Vec<Person>,
    /// How many people there are, the ones that are not among [`Item::people`] too.
    pub(super) total: usize,
    /// Whether everybody is in what is attached.
    pub(super) is_attached: bool,
    /// Whether these are people to be gone through one by one.
    pub(super) is_held: bool,
}

/// Pairs with a heading.
pub(super) struct List {
    pub(super) title: String,
    pub(super) pairs: Vec<(String, String)>,
    /// How many there are, those that are not among the pairs too.
    pub(super) total: usize,
}

impl Item {
    /// What stands below people that are not all shown.
    pub(super) fn more(&self, words: &Words) -> Option<String> {
        let text = if self.is_attached { "and-more-attached" } else { "and-more" };
        more(self.total, self.people.len(), text, *words)
    }

    /// The colour of its tone on a light page.
    pub(super) fn colour(&self) -> &'static str {
        match self.tone {
            "stop" => "#b42318",
            "warn" => "#b54708",
            _ => "#175cd3",
        }
    }
}

impl List {
    pub(super) fn more(&self, words: &Words) -> Option<String> {
        more(self.total, self.pairs.len(), "and-more", *words)
    }
}

impl View {
    /// Puts a report into words.
    pub(super) fn of(report: &RunReport) -> Self {
        Self::with(report, &Attention::of(report))
    }

    /// The same, where it is known what needs attention.
    pub(super) fn with(report: &RunReport, attention: &Attention) -> Self {
        let words = Words::of(report.language);
        let names = Names::of(&report.outcomes, words);
        let count = attention.count();
        let standing = facts::Standing::of(report, attention);
        let items = attention.groups.iter().take(Shown::ALL.entries);
        let mut view = Self {
            words,
            subject: subject_with(report, words, count),
            headline: headline_with(report, words, count),
            facts: facts::facts(report, standing.as_ref(), words),
            attention: items.map(|group| item(group, words)).collect(),
            totals: TotalsTable::of(report, words),
            trend: Trend::of(report, words),
            sections: people::sections(report, standing.as_ref(), &names),
            rules: Rule::all(report, words),
            no_group: people::no_group(report, &names),
            lists: lists(report, words),
            run: words.with("run", [("run", (&*report.run).into())]),
            causes: attention.groups.len(),
        };
        if report.privacy.counts_only {
            view.keep_people_out();
        }
        view
    }

    /// What stands below causes that are not all shown.
    pub(super) fn more_causes(&self) -> Option<String> {
        more(self.causes, self.attention.len(), "and-more-causes", self.words)
    }

    /// What it is as text or page of at most so many bytes: as long as that is too much, less and less is shown.
    pub(super) fn within(&mut self, most: usize, render: impl Fn(&Self) -> String) -> String {
        let mut rendered = render(self);
        for shown in Shown::LESS {
            if rendered.len() <= most {
                break;
            }
            self.shorten(&shown);
            rendered = render(self);
        }
        rendered
    }

    /// Leaves out what is more than may be shown.
    fn shorten(&mut self, shown: &Shown) {
        self.attention.truncate(shown.entries);
        for item in &mut self.attention {
            item.people.truncate(if item.is_held { shown.held } else { shown.people });
            item.paste.truncate(shown.held);
        }
        for section in self.sections.iter_mut().chain(&mut self.no_group) {
            section.people.truncate(shown.changed);
            section.people.iter_mut().for_each(|person| person.changes.truncate(shown.lines));
        }
        Rule::shorten(&mut self.rules, shown.entries, self.words);
        self.lists.iter_mut().for_each(|list| list.pairs.truncate(shown.entries));
    }

    /// What of people would be shown, but for how many they are.
    fn keep_people_out(&mut self) {
        for item in &mut self.attention {
            item.what = with_values_hidden(&item.what, HIDDEN, |value| !value.contains('@'));
            item.people.clear();
            item.paste.clear();
            item.total = 0;
        }
        self.sections.clear();
        self.no_group = None;
        self.rules.iter_mut().for_each(|rule| rule.people.clear());
    }
}

fn item(group: &super::Group, words: Words) -> Item {
    let total = group.affected.len();
    let is_typed = group.cause == Cause::Held;
    // What is held is to be gone through name by name.
    let most = if is_typed { Shown::ALL.held } else { Shown::ALL.people };
    Item {
        heading: group.cause.title(words),
        tone: tone(group.cause),
        what: readable(&capital(&group.what)),
        whose: group.move_of(words),
        todo: readable(&sentence(&group.todo)),
        place: group.place.as_deref().map(readable),
        paste_title: words.titled(if is_typed { "attention-type" } else { "attention-paste" }),
        paste: group.paste.iter().flat_map(|paste| paste.lines()).map(readable).collect(),
        count: if total > 1 { words.number(total) } else { String::new() },
        people: group.affected.iter().take(most).map(|one| people::affected(one, words)).collect(),
        total,
        // Values are not in the tables, only the people who have them.
        is_attached: group.cause != Cause::TableMiss,
        is_held: is_typed,
    }
}

/// What stands below a list that was cut.
fn more(total: usize, shown: usize, text: &str, words: Words) -> Option<String> {
    (total > shown).then(|| words.counted(text, total - shown))
}

fn tone(cause: Cause) -> &'static str {
    match cause {
        Cause::Refused | Cause::Held | Cause::Failed => "stop",
        Cause::Conflict | Cause::Undecided => "warn",
        Cause::Finding(_) | Cause::TableMiss | Cause::Unreadable => "note",
    }
}

fn lists(report: &RunReport, words: Words) -> Vec<List> {
    let lists = [
        groups::made(report, words),
        groups::changed(report, words),
        groups::joined_and_left(report, words),
        facts::timing(report, words),
    ];
    lists.into_iter().filter(|list| list.total > 0).collect()
}

/// A group or a team by its name.
fn named(kind: GroupKind, name: &str, words: Words) -> String {
    let kind = words.say(match kind {
        GroupKind::Group => "group",
        GroupKind::Team => "team",
    });
    format!("{kind} `{}`", short(name))
}
