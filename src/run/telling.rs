//! Tells people what is wrong, and when it is well again: by mail, and to a chat. One of several processes tells it.

use std::time::Duration;

use jiff::Timestamp;

use super::RunError;
use super::mailing::{Post, PostError};
use super::notices::{Notice, Telling};
use crate::connector::post_to_chat;
use crate::recipe::Recipe;
use crate::report::NoticeWords;
use crate::report::mail::{Mail, Note, sort_out};
use crate::store::{Alert, Settles, Store};

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
    let settles = match telling {
        Telling::Well => Settles::Over,
        _ => Settles::Told(now),
    };
    let chatted = match &notify.webhook {
        Some(secret) => Some(told_in_chat(&notice, &recipe.name, secret, post).await),
        None => None,
    };
    let mailed = match notify.to.is_empty() {
        false => Some(mailed(&notice, &recipe.name, &notify.to, settles, store, post).await?),
        true => None,
    };
    match (mailed, chatted) {
        // Settled by the mail.
        (Some(true), _) => {}
        (_, Some(true)) | (None, None) => _ = store.settle(&recipe.name, settles).await?,
        _ => return Ok(()),
    }
    let open = alerts.iter().filter(|alert: &&Alert| alert.ended.is_none()).count();
    tracing::info!(recipe.name = %recipe.name, open, "people were told");
    Ok(())
}

/// Posts it to the chat, and says whether that took it.
async fn told_in_chat(notice: &Notice, recipe: &str, secret: &str, post: &Post) -> bool {
    let posted = match post.secrets.get(secret) {
        Ok(address) => post_to_chat(&address, &notice.chat()).await,
        Err(error) => Err(error),
    };
    posted
        .inspect_err(|error| {
            tracing::error!(recipe.name = %recipe, %error, help = error.help(), "people were not told in the chat");
        })
        .is_ok()
}

/// Keeps it as a mail, and settles what it tells. Says whether it is kept: it is sent like every other mail.
async fn mailed(
    notice: &Notice,
    recipe: &str,
    to: &[String],
    settles: Settles<'_>,
    store: &Store,
    post: &Post,
) -> Result<bool, RunError> {
    let (to, unfit) = sort_out(to);
    for error in unfit {
        tracing::error!(recipe.name = %recipe, %error, help = error.help(), "somebody is not told by mail");
    }
    let (subject, text, from) = (&*notice.subject, &*notice.text, &*post.from);
    let note = Note { recipe, kind: "notice", subject, text, from, to: &to, date: Timestamp::now() };
    let kept = match Mail::note(&note) {
        Ok(mail) => post.keep(&mail, recipe, settles, store).await,
        Err(error) => Err(error.into()),
    };
    match kept {
        Ok(_) => Ok(true),
        Err(PostError::Store(error)) => Err(error.into()),
        Err(error) => {
            tracing::error!(recipe.name = %recipe, %error, help = error.help(), "people were not told by mail");
            Ok(false)
        }
    }
}
