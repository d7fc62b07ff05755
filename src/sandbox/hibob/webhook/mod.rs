//! Webhooks: pinged when they are set up, signed, sent in order, repeated until they arrive (apis/hibob.md §5).

mod payload;
mod post;
mod signature;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{AbortHandle, JoinSet};

use self::post::Receiver;
use super::event::Notice;
use super::settings::Webhook;
use super::switches::Switches;
use crate::sandbox::lock::hold;
use crate::sandbox::refusal::Refusal;

/// The most deliveries that are remembered.
const MEMORY: usize = 10_000;

/// One webhook on its way.
#[derive(Debug, Clone, Serialize)]
pub struct Delivery {
    /// Its number, in order.
    pub id: u64,
    /// The event's type.
    pub kind: String,
    /// Whom it is about.
    pub employee: String,
    /// What is sent.
    pub body: Json,
    /// How it stands.
    pub state: DeliveryState,
    /// What came of each attempt.
    pub attempts: Vec<Attempt>,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It will be sent, or sent again.
    Waiting,
    /// It has arrived.
    Delivered,
    /// It has been sent too often.
    GivenUp,
}

/// One attempt.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// When it ended.
    pub at: Timestamp,
    /// `ok`, or what went wrong.
    pub result: String,
}

/// The webhook of the company, if there is one, and its deliveries.
#[derive(Debug, Default)]
pub(crate) struct Webhooks {
    hook: Mutex<Option<Hook>>,
    log: Arc<Log>,
}

#[derive(Debug)]
struct Hook {
    url: String,
    queue: UnboundedSender<Job>,
    worker: AbortHandle,
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.worker.abort();
    }
}

#[derive(Debug)]
struct Job {
    id: u64,
    body: String,
    backoff: Duration,
    attempts: u32,
}

#[derive(Debug, Default)]
struct Log(Mutex<VecDeque<Delivery>>);

impl Webhooks {
    /// Sets the webhook up. Its receiver is pinged first, and must agree (§5.2).
    pub(crate) async fn connect(&self, webhook: Webhook, switches: &Switches) -> Result<(), Refusal> {
        let receiver = Receiver::new(&webhook.url, webhook.secret)?;
        receiver.ping(switches.sign_ping).await.map_err(|error| {
            Refusal::new(
                format!("the receiver failed the ping: it {error}"),
                "it must answer 200 to a POST of `Ping test`; set the webhook up again with POST /sandbox/webhook",
            )
        })?;
        let (queue, jobs) = unbounded_channel();
        let worker = tokio::spawn(work(jobs, receiver, Arc::clone(&self.log))).abort_handle();
        *hold(&self.hook) = Some(Hook { url: webhook.url, queue, worker });
        Ok(())
    }

    /// Takes the webhook away. What waits is not sent any more.
    pub(crate) fn disconnect(&self) {
        *hold(&self.hook) = None;
    }

    /// Where webhooks go.
    pub(crate) fn url(&self) -> Option<String> {
        hold(&self.hook).as_ref().map(|hook| hook.url.clone())
    }

    /// Sends notices, if somebody receives them.
    pub(crate) fn send(&self, notices: &[Notice], switches: &Switches) {
        let hook = hold(&self.hook);
        let Some(hook) = hook.as_ref() else { return };
        let times = if switches.webhook_twice { 2 } else { 1 };
        for notice in notices {
            let body = payload::render(notice, switches);
            for _ in 0..times {
                let id = self.log.begin(notice, &body);
                let backoff = Duration::from_millis(switches.webhook_backoff_ms);
                // The receiving end lives as long as the hook.
                let _ = hook.queue.send(Job { id, body: body.clone(), backoff, attempts: switches.webhook_attempts });
            }
        }
    }

    /// The latest deliveries, oldest first.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        hold(&self.log.0).iter().cloned().collect()
    }
}

/// First attempts go out one after the other, in order; what fails is repeated beside them.
async fn work(mut jobs: UnboundedReceiver<Job>, receiver: Receiver, log: Arc<Log>) {
    let mut repetitions = JoinSet::new();
    while let Some(job) = jobs.recv().await {
        while repetitions.try_join_next().is_some() {}
        if !attempt(&job, &receiver, &log, job.attempts <= 1).await {
            repetitions.spawn(repeat(job, receiver.clone(), Arc::clone(&log)));
        }
    }
}

/// Tries again and again, after waits that double.
async fn repeat(job: Job, receiver: Receiver, log: Arc<Log>) {
    for number in 1..job.attempts {
        let factor = 2_u32.saturating_pow(number - 1);
        tokio::time::sleep(job.backoff.saturating_mul(factor)).await;
        if attempt(&job, &receiver, &log, number + 1 == job.attempts).await {
            return;
        }
    }
}

async fn attempt(job: &Job, receiver: &Receiver, log: &Log, last: bool) -> bool {
    let result = receiver.post(&job.body).await;
    let (arrived, words) = (result.is_ok(), result.err().unwrap_or_else(|| "ok".to_owned()));
    let state = match (arrived, last) {
        (true, _) => DeliveryState::Delivered,
        (false, true) => DeliveryState::GivenUp,
        (false, false) => DeliveryState::Waiting,
    };
    log.note(job.id, words, state);
    arrived
}

impl Log {
    fn begin(&self, notice: &Notice, body: &str) -> u64 {
        let mut log = hold(&self.0);
        let id = log.back().map_or(1, |last| last.id + 1);
        log.push_back(Delivery {
            id,
            kind: notice.kind.to_owned(),
            employee: notice.employee.clone(),
            body: serde_json::from_str(body).unwrap_or_default(),
            state: DeliveryState::Waiting,
            attempts: Vec::new(),
        });
        while log.len() > MEMORY {
            log.pop_front();
        }
        id
    }

    fn note(&self, id: u64, result: String, state: DeliveryState) {
        if let Some(delivery) = hold(&self.0).iter_mut().find(|delivery| delivery.id == id) {
            delivery.state = state;
            delivery.attempts.push(Attempt { at: Timestamp::now(), result });
        }
    }
}
