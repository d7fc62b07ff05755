//! Tells people what is wrong, and when it is well again: by mail, and to a chat. One of several processes tells it.

use std::time::Duration;

use jiff::Timestamp;

use super::RunError;
use super::mailing::{Post, Posted};
use super::notices::{Notice, Telling};
use crate::connector::post_to_chat;
use crate::recipe::Recipe;
use crate::report::NoticeWords;
use crate::report::mail::{Mail, MailError};
use crate::stage::service::Notify;
use crate::store::{Alert, Store};

/// How long telling may take, before another may do it.
const AT_MOST: Duration = Duration::from_secs(300);

/// Tells what is to be told of a recipe now, if nobody else is at it.
///
/// # Errors
/// When the database cannot be used. That nobody could be told is logged, and tried again later.
pub async fn tell(recipe: &Recipe, store: &Store, post: &Post, now: Timestamp) -> Result<(), RunError> {
    let Some(notify) = &recipe.notify else { return Ok(()) };
    let told = store.last_told(&recipe.name).await?;
    let mut alerts = store.alerts(&recipe.name).await?;
    alerts.retain(|alert| notify.on.iter().any(|occasion| occasion.word() == alert.occasion));
    let telling = Telling::of(&alerts, told, notify, now);
    let words = NoticeWords::of(recipe.report.language, &recipe.report.timezone);
    let notice = match telling {
        Telling::Nothing => return Ok(()),
        Telling::Forget => return Ok(store.forget_alerts(&recipe.name).await?),
        Telling::Trouble => Notice::trouble(&recipe.name, &alerts, &words),
        Telling::Well => Notice::well(&recipe.name, &alerts, &words),
    };
    if !store.claim_telling(&recipe.name, told, now, now + AT_MOST).await? {
        return Ok(());
    }
    if !send(&notice, recipe, notify, post, now).await {
        return Ok(());
    }
    let open = alerts.iter().filter(|alert: &&Alert| alert.ended.is_none()).count();
    tracing::info!(recipe.name = %recipe.name, open, "people were told");
    match telling {
        Telling::Well => store.forget_alerts(&recipe.name).await?,
        _ => store.was_told(&recipe.name, now).await?,
    }
    Ok(())
}

/// Sends it every way there is. Says whether it went any of them.
async fn send(notice: &Notice, recipe: &Recipe, notify: &Notify, post: &Post, now: Timestamp) -> bool {
    let name = &recipe.name;
    let mut sent = notify.to.is_empty() && notify.webhook.is_none();
    if !notify.to.is_empty() {
        match mailed(notice, name, notify, post, now).await {
            Ok(Posted::Kept(_, error)) => {
                tracing::error!(recipe.name = %name, %error, help = error.help(), "people were not told by mail; it is in the outbox");
                // Nobody reads the outbox at night, but it must not fill up either.
                sent = true;
            }
            Ok(_) => sent = true,
            Err(error) => {
                tracing::error!(recipe.name = %name, %error, help = error.help(), "people were not told by mail");
            }
        }
    }
    if let Some(secret) = &notify.webhook {
        let posted = match post.secrets.get(secret) {
            Ok(address) => post_to_chat(&address, &notice.chat()).await,
            Err(error) => Err(error),
        };
        match posted {
            Ok(()) => sent = true,
            Err(error) => {
                tracing::error!(recipe.name = %name, %error, help = error.help(), "people were not told in the chat");
            }
        }
    }
    sent
}

async fn mailed(
    notice: &Notice,
    recipe: &str,
    notify: &Notify,
    post: &Post,
    now: Timestamp,
) -> Result<Posted, MailError> {
    post.send(&Mail::notice(recipe, &notice.subject, &notice.text, &post.from, &notify.to, now)?).await
}
