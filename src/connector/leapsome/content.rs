//! The Content API, as far as it says who was never invited and who has not accepted (apis/leapsome.md §6). It tells pay too:
//! only those who wait are asked for, and nothing but id and state is read.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::TITLE;
use super::settings::Settings;
use crate::connector::ConnectorError;
use crate::connector::http::Http;
use crate::connector::http::authorization::{Authorization, TokenCall};
use crate::connector::http::body::{Form, urlencoded};
use crate::connector::http::call::Call;
use crate::connector::http::failure::Service;
use crate::connector::http::pace::{self, Limit, Owner, Pace};

static SERVICE: Service = Service {
    title: "Leapsome's Content API",
    caller: "API secret",
    unknown: "copy the API secret again from Settings > Integrations and imports > API access, without anything before or \
              after it, or leave `api_secret` out: it is only needed to tell who has accepted their invitation",
    forbidden: "see under Settings > Integrations and imports > API access what the key may read, or leave `api_secret` out",
};

/// The states of people who have an account and do not work with it yet (§4).
const WAITING: [&str; 3] = ["created", "invited", "preBoardingInvited"];

/// The Content API of one company.
#[derive(Debug)]
pub(super) struct Content {
    http: Http,
    pace: Arc<Pace>,
}

/// Nothing else of an employee is ever read: an answer holds pay.
#[derive(Deserialize)]
struct Employee {
    id: Arc<str>,
    status: Arc<str>,
}

#[derive(Deserialize)]
struct Page {
    data: Vec<Employee>,
    meta: Option<Meta>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    total_count: Option<usize>,
}

const EMPLOYEES: &str = "/v1/employees";

impl Content {
    /// Employees on a page (§6).
    const PAGE: usize = 1000;
    const MOST: usize = 64 << 20;
    const MOST_PAGES: usize = 10_000;
    const PER_SECOND: NonZeroU32 = NonZeroU32::new(20).expect("not zero");

    pub(super) fn new(settings: &Settings, secret: &SecretString) -> Result<Self, ConnectorError> {
        let form = Form::Query;
        let body = urlencoded([("secret", secret.expose_secret())]);
        let call = TokenCall { path: &["token"], shown: "/v1/token", form, body };
        let http = Http::new(&SERVICE, &settings.content, Authorization::bearer(call), &[])?;
        let owner =
            Owner { service: TITLE, base: &settings.content, account: secret.expose_secret(), limit: "content" };
        Ok(Self { http, pace: pace::shared(&owner, Limit::per_second(Self::PER_SECOND)) })
    }

    /// Who waits, with their state.
    pub(super) async fn waiting(&self) -> Result<HashMap<Arc<str>, Arc<str>>, ConnectorError> {
        let mut waiting = HashMap::new();
        for status in WAITING {
            self.employees(("status", status), |employee| {
                if WAITING.contains(&&*employee.status) {
                    waiting.insert(employee.id, employee.status);
                }
            })
            .await?;
        }
        Ok(waiting)
    }

    /// The user with this id and address, with their state, if they wait.
    pub(super) async fn waiting_at(
        &self,
        id: &str,
        address: &str,
    ) -> Result<Option<(Arc<str>, Arc<str>)>, ConnectorError> {
        let mut found = None;
        self.employees(("email", address), |employee| {
            if *employee.id == *id && WAITING.contains(&&*employee.status) {
                found = Some((employee.id, employee.status));
            }
        })
        .await?;
        Ok(found)
    }

    /// How many wait in each state.
    pub(super) fn counted(waiting: &HashMap<Arc<str>, Arc<str>>) -> BTreeMap<&str, usize> {
        let mut counted = BTreeMap::new();
        waiting.values().for_each(|status| *counted.entry(&**status).or_default() += 1);
        counted
    }

    async fn employees(&self, filter: (&str, &str), mut take: impl FnMut(Employee)) -> Result<(), ConnectorError> {
        let size = Self::PAGE.to_string();
        let mut read = 0;
        for number in 1..=Self::MOST_PAGES {
            let number = number.to_string();
            let asked = [filter, ("page", number.as_str()), ("pageSize", size.as_str())];
            let call = Call::get(&["employees"], EMPLOYEES).query(&asked);
            let answer = self.http.exchange(&call, &self.pace, Self::MOST).await?;
            let page: Page = Some(&answer)
                .filter(|answer| answer.status.is_success())
                .and_then(|answer| answer.json())
                .ok_or_else(|| no_list(answer.status.as_u16()))?;
            let came = page.data.len();
            read += came;
            page.data.into_iter().for_each(&mut take);
            let total = page.meta.and_then(|meta| meta.total_count);
            if came == 0 || total.map_or(came < Self::PAGE, |total| read >= total) {
                return Ok(());
            }
        }
        Err(no_list(200))
    }
}

fn no_list(status: u16) -> ConnectorError {
    ConnectorError::Malformed {
        message: format!(
            "{} answered {EMPLOYEES} without a list that can be read to its end ({status})",
            SERVICE.title
        ),
        help: "see whether `base_url` or `content_base_url` is right, or leave `api_secret` out".to_owned(),
    }
}
