//! The report as a page that mail programs can show: tables, inline styles, nothing fetched from anywhere.

use askama::Template;

use super::RunReport;
use super::language::Words;
use super::view::View;
use super::words::lines;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    view: &'a View,
    words: Words,
}

/// How many bytes a page may have: mail programs cut what is longer, the largest of them at 102 KB, and hide the end.
pub(super) const LONGEST: usize = 100_000;

/// The report as a page of at most 100,000 bytes; every value in it is escaped.
#[must_use]
pub fn html(report: &RunReport) -> String {
    html_of(View::of(report))
}

/// The same, from what is to be read in it. Where that is too much, less and less of it is shown, and it says where the
/// rest is.
pub(super) fn html_of(mut view: View) -> String {
    view.within(LONGEST, rendered)
}

fn rendered(view: &View) -> String {
    let page = Page { view, words: view.words }.render().expect("a template of plain values renders into memory");
    lines(&page)
}

/// A text in parts, those between backticks marked: people read a name there, not backticks.
pub(in crate::report) fn parts(text: &str) -> Vec<(bool, &str)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, (inside, after))) =
        rest.split_once('`').and_then(|(before, after)| Some((before, after.split_once('`')?)))
    {
        parts.extend([(false, before), (true, inside)]);
        rest = after;
    }
    parts.push((false, rest));
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn what_stands_between_backticks_is_marked() {
        assert_eq!(parts("a `b` c"), [(false, "a "), (true, "b"), (false, " c")]);
        assert_eq!(parts("one ` alone"), [(false, "one ` alone")]);
    }
}
