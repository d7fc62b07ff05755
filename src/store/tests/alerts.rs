//! Trouble that is told: kept by its subject, and told by one alone.

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn failed(subject: &str, what: &str) -> Raised {
    Raised { occasion: "person_failed", subject: subject.to_owned(), what: what.to_owned() }
}

/// Alerts of `acme`: subject, what, since, changed, times, ended.
async fn alerts(store: &Store) -> Vec<(String, String, i64, i64, usize, Option<i64>)> {
    let seconds = |moment: Timestamp| moment.as_second() - 1_700_000_000;
    let alerts = store.alerts("acme").await.unwrap().into_iter();
    alerts
        .map(|alert| {
            let (since, changed) = (seconds(alert.since), seconds(alert.changed));
            (alert.subject, alert.what, since, changed, alert.times, alert.ended.map(seconds))
        })
        .collect()
}

async fn trouble_of_one_subject_is_one_alert_that_ends_and_comes_back(fresh: Fresh) {
    let store = fresh.store().await;
    let note = |raised: Vec<Raised>, well: Vec<Well>, seconds| {
        let store = store.clone();
        async move { store.note_alerts("acme", &raised, &well, at(seconds)).await.unwrap() }
    };
    note(vec![failed("1", "a"), failed("2", "a"), failed("1", "b")], vec![], 0).await;
    note(vec![failed("1", "b")], vec![], 10).await;
    note(vec![failed("1", "c")], vec![], 20).await;
    assert_eq!(
        alerts(&store).await,
        [("1".into(), "c".into(), 0, 20, 3, None), ("2".into(), "a".into(), 0, 0, 1, None)]
    );
    note(vec![], vec![Well::Subjects("person_failed", ["2".to_owned(), "3".to_owned()].into())], 30).await;
    note(vec![], vec![Well::AllBut("brake", [].into())], 40).await;
    assert_eq!(
        alerts(&store).await.iter().map(|alert| alert.5).collect::<Vec<_>>(),
        [None, Some(30)],
        "another occasion is another matter"
    );
    note(vec![failed("2", "a")], vec![Well::AllBut("person_failed", ["2".to_owned()].into())], 50).await;
    let now = [("1".into(), "c".into(), 0, 20, 3, Some(50)), ("2".into(), "a".into(), 0, 50, 2, None)];
    assert_eq!(alerts(&store).await, now);
    store.forget_alerts("acme").await.unwrap();
    assert_eq!(alerts(&store).await, now[1..]);
    assert_eq!(store.alerts("globex").await.unwrap(), []);
}

async fn one_of_several_tells_and_another_only_if_that_one_has_not(fresh: Fresh) {
    let (store, other) = (fresh.store().await, fresh.store().await);
    assert_eq!(store.last_told("acme").await.unwrap(), None);
    assert!(store.claim_telling("acme", None, at(0), at(300)).await.unwrap());
    assert!(!other.claim_telling("acme", None, at(0), at(300)).await.unwrap(), "somebody is at it");
    assert!(other.claim_telling("globex", None, at(0), at(300)).await.unwrap(), "another recipe");
    assert!(other.claim_telling("acme", None, at(300), at(600)).await.unwrap(), "the first one has died");
    assert!(other.settle("acme", Settles::Told(at(301))).await.unwrap());
    assert_eq!(store.last_told("acme").await.unwrap(), Some(at(301)));
    assert!(!store.claim_telling("acme", None, at(400), at(700)).await.unwrap(), "it was told since");
    assert!(store.claim_telling("acme", Some(at(301)), at(400), at(700)).await.unwrap());
    store.forget_alerts("acme").await.unwrap();
    assert!(!other.claim_telling("acme", Some(at(301)), at(800), at(900)).await.unwrap(), "its end was told since");
    assert_eq!(other.last_told("acme").await.unwrap(), None);
}

async fn when_several_reach_for_it_at_once_one_gets_it(fresh: Fresh) {
    let store = fresh.store().await;
    let claims = (0..8).map(|_| store.claim_telling("acme", None, at(0), at(300)));
    let claimed = futures_util::future::join_all(claims).await;
    assert_eq!(claimed.into_iter().filter(|claimed| *claimed.as_ref().unwrap()).count(), 1);
}

on_both!(
    trouble_of_one_subject_is_one_alert_that_ends_and_comes_back,
    one_of_several_tells_and_another_only_if_that_one_has_not,
    when_several_reach_for_it_at_once_one_gets_it,
);
