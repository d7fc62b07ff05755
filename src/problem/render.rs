//! Problems as people read them: like a compiler's, with the line and a mark under what is meant.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Problem, Severity, Where};

/// Whether to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// For terminals.
    Colour,
    /// For files, pipes and tests.
    Plain,
}

/// One problem as text, ending in a line break.
#[must_use]
pub fn render(problem: &Problem, style: Style) -> String {
    let level = match problem.severity {
        Severity::Problem => Level::ERROR.with_name("problem"),
        Severity::Warning => Level::WARNING,
    };
    let path = problem.path().display().to_string();
    let mut group = match &problem.place {
        Where::Text(place) => {
            let title = level.primary_title(&problem.message).id(problem.code);
            let snippet = Snippet::source(place.file.text.as_str())
                .path(path.as_str())
                .annotation(AnnotationKind::Primary.span(place.span.clone()));
            title.element(snippet)
        }
        Where::File(_) => {
            let title = level.primary_title(&problem.message).id(problem.code);
            title.element(annotate_snippets::Origin::path(path.as_str()))
        }
    };
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = match style {
        Style::Colour => Renderer::styled(),
        Style::Plain => Renderer::plain(),
    };
    let mut text = renderer.render(&[group]);
    text.push('\n');
    text
}
