//! The fenced blocks of a document.

/// One fenced block.
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// The line of its fence, from 1.
    pub(super) line: usize,
}

/// What is to be done with a block.
pub(super) enum Kind {
    File {
        path: String,
        append: bool,
    },
    Console,
    /// Of the recipe with this name.
    Recipe(String),
    Examples,
    Table(String),
    Conditions,
    Transforms,
    Schedule,
}

/// Every fenced block, in order.
pub(super) fn of(name: &str, document: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = document.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(words) = line.trim_start().strip_prefix("```") else { continue };
        let line = at + 1;
        let kind = kind(words).unwrap_or_else(|| panic!("{name}:{line}: nothing tests a block of the kind `{words}`"));
        let text = lines.by_ref().map(|(_, line)| line).take_while(|line| line.trim() != "```");
        blocks.push(Block { kind, text: text.map(|line| format!("{line}\n")).collect(), line });
    }
    blocks
}

fn kind(words: &str) -> Option<Kind> {
    let words: Vec<&str> = words.split_whitespace().collect();
    let file = |path: &str, append| Kind::File { path: path.to_owned(), append };
    Some(match words[..] {
        ["console"] => Kind::Console,
        ["yaml", "recipe"] => Kind::Recipe("demo".to_owned()),
        ["yaml", "recipe", of] => Kind::Recipe(of.strip_prefix("of=")?.to_owned()),
        ["yaml", "examples"] => Kind::Examples,
        ["conditions"] => Kind::Conditions,
        ["transforms"] => Kind::Transforms,
        ["cron" | "ini" | "sh", "schedule"] => Kind::Schedule,
        ["csv", table] if table.starts_with("table=") => Kind::Table(table["table=".len()..].to_owned()),
        ["yaml" | "csv" | "rhai", path] => file(path.strip_prefix("file=")?, false),
        ["yaml" | "csv" | "rhai", path, "append"] => file(path.strip_prefix("file=")?, true),
        _ => return None,
    })
}

#[test]
#[should_panic(expected = "guide.md:3: nothing tests a block of the kind `ruby`")]
fn a_block_that_nothing_tests_is_an_error() {
    of("guide.md", "# Guide\n\n```ruby\nputs 1\n```\n");
}
