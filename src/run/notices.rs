//! What people are told of trouble: when it is time, and in which words. Pure.
//!
//! A bad night is one message: the first is sent a minute after the first trouble, with everything that has come together by
//! then; another at most once an hour, and only if something new came; and one when all has been well for some minutes.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;

use super::alerts::{FULL_SYNC, REAL_TIME, WHAT_TO_DO};
use crate::model::Whose;
use crate::report::NoticeWords;
use crate::stage::service::{Notify, Occasion};
use crate::store::Alert;

/// For how long trouble is collected before it is first told.
const GATHER: Duration = Duration::from_secs(60);
/// The shortest time between two messages about trouble.
const AGAIN: Duration = Duration::from_secs(3_600);
/// For how long all must have been well before that is told.
const QUIET: Duration = Duration::from_secs(300);
/// How many alerts of one occasion are listed.
const LISTED: usize = 20;

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Nothing now.
    Nothing,
    /// Nothing, and what was is over: it can be forgotten.
    Forget,
    /// What is wrong.
    Trouble,
    /// That all is well again.
    Well,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// In one line.
    pub subject: String,
    /// Everything, in lines.
    pub text: String,
}

impl Telling {
    /// What is to be told of these alerts, of which something was last told at a moment, if it was.
    #[must_use]
    pub fn of(alerts: &[Alert], told: Option<Timestamp>, notify: &Notify, now: Timestamp) -> Self {
        let open: Vec<&Alert> = alerts.iter().filter(|alert| alert.ended.is_none()).collect();
        let (Some(since), last) = (open.iter().map(|alert| alert.since).min(), told) else {
            return Self::of_ended(alerts, told, notify, now);
        };
        let due = match last {
            None => apart(now, since) >= GATHER,
            Some(told) => apart(now, told) >= AGAIN && open.iter().any(|alert| alert.changed > told),
        };
        if due { Self::Trouble } else { Self::Nothing }
    }

    fn of_ended(alerts: &[Alert], told: Option<Timestamp>, notify: &Notify, now: Timestamp) -> Self {
        match alerts.iter().filter_map(|alert| alert.ended).max() {
            None if told.is_none() => Self::Nothing,
            Some(ended) if apart(now, ended) < QUIET => Self::Nothing,
            _ if told.is_some() && notify.on.contains(&Occasion::Recovered) => Self::Well,
            _ => Self::Forget,
        }
    }
}

impl Notice {
    /// What is wrong now.
    #[must_use]
    pub fn trouble(recipe: &str, alerts: &[Alert], words: &NoticeWords<'_>) -> Self {
        let mut text = String::new();
        for occasion in Occasion::ALL {
            let open: Vec<&Alert> = alerts.iter().filter(|alert| is_open(alert, occasion)).collect();
            if let Some(heading) = heading(occasion, open.len(), words) {
                let _ = writeln!(text, "{heading}");
                list(&mut text, &open, words);
                text.push('\n');
            }
        }
        text.push_str(&words.how_it_stands());
        Self { subject: words.trouble(recipe), text }
    }

    /// That all is well again.
    #[must_use]
    pub fn well(recipe: &str, alerts: &[Alert], words: &NoticeWords<'_>) -> Self {
        let ended: Vec<&Alert> = alerts.iter().filter(|alert| alert.ended.is_some()).collect();
        let mut text = words.over(ended.iter().filter_map(|alert| alert.ended).max());
        text.push('\n');
        list(&mut text, &ended, words);
        Self { subject: words.well(recipe), text: text.trim_end().to_owned() }
    }

    /// The message as chats take it that understand Slack's: `&`, `<` and `>` would be read as markup.
    #[must_use]
    pub fn chat(&self) -> String {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!("*{}*\n{}", escaped(&self.subject), escaped(&self.text))
    }
}

/// How far two moments are apart, either way: a clock that was set back must not silence anybody for long.
fn apart(one: Timestamp, other: Timestamp) -> Duration {
    one.duration_since(other).unsigned_abs()
}

fn is_open(alert: &Alert, occasion: Occasion) -> bool {
    alert.ended.is_none() && alert.occasion == occasion.word()
}

/// What stands above the open alerts of an occasion, if there are some.
fn heading(occasion: Occasion, alerts: usize, words: &NoticeWords<'_>) -> Option<String> {
    match occasion {
        _ if alerts == 0 => None,
        Occasion::RunFailed => Some(words.not_done()),
        Occasion::PersonFailed => Some(words.failed(alerts)),
        Occasion::Brake => Some(words.held()),
        // Nothing is raised for it.
        Occasion::Recovered => None,
    }
}

fn list(text: &mut String, alerts: &[&Alert], words: &NoticeWords<'_>) {
    for alert in alerts.iter().take(LISTED) {
        let entry = words.entry(&subject(alert, words), &what(alert, words), alert.since, alert.times);
        let _ = writeln!(text, "{entry}");
    }
    if let Some(more) = alerts.len().checked_sub(LISTED).filter(|more| *more > 0) {
        let _ = writeln!(text, "{}", words.more(more));
    }
}

fn subject<'a>(alert: &'a Alert, words: &NoticeWords<'_>) -> Cow<'a, str> {
    match alert.subject.as_str() {
        FULL_SYNC => words.full_sync().into(),
        REAL_TIME => words.real_time().into(),
        other => other.into(),
    }
}

fn what<'a>(alert: &'a Alert, words: &NoticeWords<'_>) -> Cow<'a, str> {
    if alert.occasion == Occasion::PersonFailed.word() {
        let whose = Whose::ALL.into_iter().find(|whose| whose.title() == alert.what);
        return words.whose(whose).into();
    }
    match alert.what.split_once(WHAT_TO_DO) {
        Some((why, todo)) => words.what_to_do(why, todo).into(),
        None => words.sentence(&alert.what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).unwrap()
    }

    fn everything() -> Notify {
        Notify { to: Vec::new(), webhook: None, on: Occasion::ALL.into() }
    }

    fn person(id: &str, since: i64) -> Alert {
        Alert {
            occasion: "person_failed".to_owned(),
            subject: id.to_owned(),
            what: "HiBob data".to_owned(),
            since: at(since),
            changed: at(since),
            times: 1,
            ended: None,
        }
    }

    fn ended(alert: Alert, seconds: i64) -> Alert {
        Alert { ended: Some(at(seconds)), ..alert }
    }

    fn telling(alerts: &[Alert], told: Option<i64>, now: i64) -> Telling {
        Telling::of(alerts, told.map(at), &everything(), at(now))
    }

    #[test]
    fn the_first_message_comes_a_minute_after_the_first_trouble() {
        let alerts = [person("1", 0), person("2", 50)];
        assert_eq!(
            [59, 60, 600].map(|now| telling(&alerts, None, now)),
            [Telling::Nothing, Telling::Trouble, Telling::Trouble]
        );
    }

    #[test]
    fn another_comes_an_hour_later_and_only_if_something_new_came() {
        assert_eq!(telling(&[person("1", 0)], Some(60), 100_000), Telling::Nothing);
        let more = [person("1", 0), person("2", 70)];
        assert_eq!([3_659, 3_660].map(|now| telling(&more, Some(60), now)), [Telling::Nothing, Telling::Trouble]);
        let another_cause = [Alert { changed: at(70), ..person("1", 0) }];
        assert_eq!(telling(&another_cause, Some(60), 3_660), Telling::Trouble);
    }

    #[test]
    fn that_all_is_well_is_told_once_it_has_been_so_for_some_minutes() {
        let over = [ended(person("1", 0), 1_000), ended(person("2", 0), 900)];
        assert_eq!([1_299, 1_300].map(|now| telling(&over, Some(60), now)), [Telling::Nothing, Telling::Well]);
        let one_is_left = [ended(person("1", 0), 1_000), person("2", 0)];
        assert_eq!(telling(&one_is_left, Some(60), 100_000), Telling::Nothing);
        assert_eq!(telling(&[], Some(60), 100_000), Telling::Well, "what was told is no longer wanted");
    }

    #[test]
    fn what_was_over_before_it_was_told_is_never_told() {
        let over = [ended(person("1", 0), 30)];
        assert_eq!([60, 330].map(|now| telling(&over, None, now)), [Telling::Nothing, Telling::Forget]);
        assert_eq!(telling(&[], None, 0), Telling::Nothing);
    }

    #[test]
    fn who_does_not_want_to_hear_that_all_is_well_does_not() {
        let notify = Notify { on: [Occasion::PersonFailed].into(), ..everything() };
        let over = [ended(person("1", 0), 1_000)];
        assert_eq!(Telling::of(&over, Some(at(60)), &notify, at(5_000)), Telling::Forget);
    }

    #[test]
    fn a_clock_that_was_set_back_silences_nobody() {
        assert_eq!(telling(&[person("1", 0)], None, -5_000), Telling::Trouble);
        assert_eq!(telling(&[ended(person("1", 0), 10)], Some(60), -5_000), Telling::Well);
    }

    #[test]
    fn a_bad_night_is_one_message_of_bounded_length() {
        let mut alerts: Vec<Alert> = (0..500).map(|id| person(&id.to_string(), id)).collect();
        let held = Alert { occasion: "brake".to_owned(), subject: "deactivate".to_owned(), times: 3, ..person("", 0) };
        alerts.push(Alert { what: "34 are too many: at most 20".to_owned(), ..held });
        alerts.push(ended(person("gone", 0), 5));
        let words = NoticeWords::of(Language::English, "UTC");
        let notice = Notice::trouble("acme", &alerts, &words);
        assert_eq!(notice.subject, "Rollbook: acme needs attention");
        assert!(
            notice
                .text
                .starts_with("500 people failed; whose move it is:\n- 0: HiBob data (since 2023-11-14 22:13 UTC)\n")
        );
        assert!(notice.text.contains("\n- and 480 more\n\nHeld until somebody has looked:\n- deactivate: 34 are too many: at most 20 (since 2023-11-14 22:13 UTC, 3 times)\n"));
        assert!(!notice.text.contains("gone"));
        let well = Notice::well("acme", &[ended(person("7", 0), 60)], &words);
        assert_eq!(
            well.text,
            "Nothing has been wrong since 2023-11-14 22:14 UTC. What had been told is over:\n- 7: HiBob data (since 2023-11-14 22:13 UTC)"
        );
    }

    #[test]
    fn a_notice_is_in_the_language_of_the_reports() {
        let alert = |occasion: &str, subject: &str, what: &str, times| Alert {
            occasion: occasion.to_owned(),
            subject: subject.to_owned(),
            what: what.to_owned(),
            times,
            ..person("", 0)
        };
        let alerts = [
            alert(
                "run_failed",
                FULL_SYNC,
                "HiBob does not accept the credentials (401 at GET /x); what to do: call Bob",
                1,
            ),
            alert("person_failed", "7", "HiBob data", 1),
            alert("person_failed", "8", "see the report", 2),
            alert("brake", "deactivate", "34 are too many: at most 20 and 5 % of 400 linked users", 3),
        ];
        let told = [Language::French, Language::German].map(|language| {
            let words = NoticeWords::of(language, "Europe/Paris");
            let (trouble, well) = (Notice::trouble("acme", &alerts, &words), Notice::well("acme", &[], &words));
            format!("{}\n{}\n\n{}\n{}", trouble.subject, trouble.text, well.subject, well.text)
        });
        insta::assert_snapshot!(told.join("\n\n----\n\n"));
    }

    #[test]
    fn what_a_chat_would_read_as_markup_is_written_out() {
        let notice = Notice { subject: "a & b".to_owned(), text: "<!channel> > 1".to_owned() };
        assert_eq!(notice.chat(), "*a &amp; b*\n&lt;!channel&gt; &gt; 1");
    }
}
