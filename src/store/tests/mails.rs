//! Mails that wait: one for each report, sent by one alone, and let go when nobody waits for them.

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn mail<'a>(id: &'a str, recipients: &'a [String]) -> NewMail<'a> {
    let content = "Subject: x\r\n\r\nthe text\r\n";
    NewMail {
        id,
        recipe: "acme",
        kind: MailKind::Report,
        made: at(0),
        sender: "rollbook@acme.example",
        recipients,
        content,
    }
}

fn two() -> [String; 2] {
    ["hr@acme.example", "it@acme.example"].map(str::to_owned)
}

async fn due(store: &Store, now: Timestamp) -> Vec<Outgoing> {
    store.outgoing("acme", now, now).await.unwrap()
}

fn again(seconds: i64, refused: bool) -> Fate {
    Fate::Again { at: at(seconds), trouble: "no".to_owned(), refused }
}

async fn a_run_that_ends_has_a_report_due_until_one_mail_is_kept(fresh: Fresh) {
    let (store, other) = (fresh.store().await, fresh.store().await);
    let run = begin(&store, 0).await.run;
    assert_eq!(store.reports_due("acme").await.unwrap(), []);
    store.finish_run(&run, &end()).await.unwrap();
    assert_eq!(store.reports_due("acme").await.unwrap(), [(run.clone(), end().finished)]);
    assert_eq!(other.reports_due("globex").await.unwrap(), []);
    let (to, settles) = (two(), Settles::Report(&run));
    let (first, second) = (mail("1@acme", &to), mail("2@acme", &to));
    let both = futures_util::future::join(store.keep_mail(&first, settles), other.keep_mail(&second, settles)).await;
    assert_ne!(both.0.unwrap(), both.1.unwrap(), "one of the two");
    assert_eq!(store.reports_due("acme").await.unwrap(), []);
    assert_eq!(due(&store, at(0)).await.len(), 2);
    assert_eq!(other.recipes_with_mail(at(0)).await.unwrap(), ["acme"]);
}

async fn what_became_of_each_recipient_is_kept_and_the_mail_is_let_go_at_the_end(fresh: Fresh) {
    let store = fresh.store().await;
    let to = two();
    assert!(store.keep_mail(&mail("1@acme", &to), Settles::Told(at(0))).await.unwrap());
    let mails = due(&store, at(0)).await;
    let [hr, it] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!((&*hr.address, &*it.address), ("hr@acme.example", "it@acme.example"));
    assert!(!format!("{hr:?}").contains("hr@"), "an address is personal data");
    store.end_outgoing(&[(hr, Fate::Sent), (it, again(60, true))], at(1)).await.unwrap();
    assert_eq!(due(&store, at(59)).await, []);
    assert_eq!(store.outgoing("acme", at(59), Timestamp::MAX).await.unwrap(), [], "it was refused for good");
    assert_eq!(due(&store, at(60)).await[0].refused, 1);
    assert_eq!(due(&store, at(-90_000)).await.len(), 1, "a clock that was set back");
    let standing = store.mail_standing("acme").await.unwrap();
    assert_eq!((standing.waiting, standing.next, standing.trouble.as_deref()), (1, Some(at(60)), Some("no")));
    assert!(store.mail_content("1@acme").await.unwrap().1.contains("the text"));
    store.end_outgoing(&[(it, Fate::GivenUp { trouble: "no".to_owned() })], at(70)).await.unwrap();
    store.mail_content("1@acme").await.unwrap_err();
    let standing = store.mail_standing("acme").await.unwrap();
    let given_up = vec![("it@acme.example".to_owned(), at(70), "no".to_owned())];
    assert_eq!(standing, MailStanding { given_up, ..MailStanding::default() });

    store.keep_mail(&mail("2@acme", &to), Settles::Told(at(80))).await.unwrap();
    let sent: Vec<Outgoing> = due(&store, at(80)).await;
    store.end_outgoing(&sent.iter().map(|one| (one, Fate::Sent)).collect::<Vec<_>>(), at(81)).await.unwrap();
    assert_eq!(store.mail_standing("acme").await.unwrap(), MailStanding::default(), "a later one arrived");
}

async fn what_was_not_refused_may_be_sent_before_its_time(fresh: Fresh) {
    let store = fresh.store().await;
    let to = two();
    store.keep_mail(&mail("1@acme", &to), Settles::Told(at(0))).await.unwrap();
    let all = due(&store, at(0)).await;
    store.end_outgoing(&[(&all[0], again(60, false)), (&all[1], again(60, true))], at(1)).await.unwrap();
    let early = store.outgoing("acme", at(2), Timestamp::MAX).await.unwrap();
    assert_eq!(early.iter().map(|one| &*one.address).collect::<Vec<_>>(), ["hr@acme.example"]);
}

async fn old_mails_are_forgotten_once_nobody_waits_for_them_and_old_marks_too(fresh: Fresh) {
    let store = fresh.store().await;
    let to = two();
    for id in ["1@acme", "2@acme"] {
        store.keep_mail(&mail(id, &to), Settles::Told(at(0))).await.unwrap();
    }
    let all = due(&store, at(0)).await;
    let first: Vec<_> = all.iter().filter(|one| one.mail == "1@acme").map(|one| (one, Fate::Sent)).collect();
    store.end_outgoing(&first, at(1)).await.unwrap();
    let run = begin(&store, 0).await.run;
    store.finish_run(&run, &end()).await.unwrap();
    assert_eq!(store.prune_mails(at(10), end().finished).await.unwrap(), 0);
    let rows = store.database.query("SELECT COUNT(*) FROM mail_recipients").fetch_one().await.unwrap();
    assert_eq!(rows.get::<i64>(0).unwrap(), 2, "the mail that waits is still there");
    assert_eq!(due(&store, at(0)).await.len(), 2);
    assert_eq!(store.prune_mails(at(0), Timestamp::MAX).await.unwrap(), 1);
    assert_eq!(store.reports_due("acme").await.unwrap(), []);
}

async fn one_process_has_the_mails_of_a_recipe_until_it_lets_them_go(fresh: Fresh) {
    let (store, other) = (fresh.store().await, fresh.store().await);
    let sender = store.sender("acme").await.unwrap().unwrap();
    assert!(other.sender("acme").await.unwrap().is_none());
    assert!(other.sender("globex").await.unwrap().is_some(), "another recipe");
    let _lease = other.lease("acme", "a test").await.unwrap();
    drop(sender);
    let mut taken = None;
    while taken.is_none() {
        // A session takes a moment to end.
        taken = other.sender("acme").await.unwrap();
    }
}

on_both!(
    a_run_that_ends_has_a_report_due_until_one_mail_is_kept,
    what_became_of_each_recipient_is_kept_and_the_mail_is_let_go_at_the_end,
    what_was_not_refused_may_be_sent_before_its_time,
    old_mails_are_forgotten_once_nobody_waits_for_them_and_old_marks_too,
    one_process_has_the_mails_of_a_recipe_until_it_lets_them_go,
);
