//! What a schema cannot judge: mail addresses, addresses that credentials should not go to, short names that would hide a
//! field of the source.

use std::collections::BTreeMap;

use super::draft::Draft;
use crate::model::{FieldPath, SourceCatalogue};
use crate::problem::{Place, Problem, Problems, nearest};

/// A mail address has one `@` with something on both sides, and nothing that would break a header.
pub(super) fn check_address(address: &str, place: &Place, problems: &mut Problems) {
    let bare = address.rsplit_once('<').map_or(address, |(_, behind)| behind.trim_end_matches('>'));
    let whole = bare.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !host.starts_with('.') && !host.ends_with('.')
    });
    if !whole || bare.chars().any(|sign| sign.is_whitespace() || sign.is_control()) {
        let message = format!("`{address}` is not a mail address");
        problems.push_if_first(Problem::new("bad-address", place, message).help("write it as hr@acme.example"));
    }
}

/// Credentials that go to another machine without encryption can be read on the way.
pub(super) fn check_base_urls(draft: &Draft, problems: &mut Problems) {
    for (section, connector) in [("source", draft.source()), ("target", draft.target())] {
        let pointer = format!("/{section}/{}/base_url", connector.name);
        let Some(address) = draft.json.pointer(&pointer).and_then(|url| url.as_str()) else { continue };
        if leaves_this_machine_as_it_is(address) {
            let message = "the credentials go to this address without encryption";
            let help = "write https://, unless nobody else is on that network";
            problems.push(Problem::warning("plain-http", &draft.document.at(&pointer), message).help(help));
        }
    }
}

/// Whether an address is plain HTTP to another machine.
fn leaves_this_machine_as_it_is(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(ipv6) => ipv6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_ipv4 = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let here = host.eq_ignore_ascii_case("localhost") || host == "::1" || (is_ipv4 && host.starts_with("127."));
    scheme.eq_ignore_ascii_case("http") && !here
}

/// A short name must lead to a field that exists, and must not be the id of another one.
pub(super) fn check_short_names(
    draft: &Draft,
    names: &BTreeMap<String, FieldPath>,
    source: &SourceCatalogue,
    problems: &mut Problems,
) {
    let source_name = &draft.source().name;
    let with_short_names = draft.json.pointer(&format!("/source/{source_name}/short_names")).is_some();
    let section = if with_short_names { "short_names" } else { "fields" };
    for (name, path) in names {
        let pointer = format!("/source/{source_name}/{section}/{name}");
        if source.field(name).is_some() {
            let message = format!("`{name}` is a field of the source already, and can't be a short name");
            problems.push_if_first(Problem::new("bad-short-name", &draft.key_place(&pointer), message));
        }
        if source.complete && source.field(path.as_str()).is_none() {
            let near = nearest(path.as_str(), source.fields.keys().map(FieldPath::as_str));
            let help = near.map_or_else(
                || "`rollbook fields RECIPE` lists the fields of the source".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("the source has no field `{path}`");
            problems.push(Problem::new("unknown-field", &draft.document.at(&pointer), message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::leaves_this_machine_as_it_is;

    #[test]
    fn only_plain_http_to_another_machine_is_readable_on_the_way() {
        for here in
            ["http://127.0.0.1:8472/v1", "http://[::1]:80", "HTTP://LOCALHOST/x", "https://api.hibob.com", "", "api"]
        {
            assert!(!leaves_this_machine_as_it_is(here), "{here}");
        }
        for away in ["http://api.hibob.com/v1", "http://10.0.0.7:8080", "Http://proxy", "http://127.evil.example"] {
            assert!(leaves_this_machine_as_it_is(away), "{away}");
        }
    }
}
