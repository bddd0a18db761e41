//! The monthly route at WeChat: a tag that holds one follower, and `mass/sendall` to it (`wechat.md` 5).

use super::{Wechat, failures, messenger};
use crate::channel::broadcast::{Audience, Broadcaster, JobState, LACKS, Submission};
use crate::channel::{Class, PreparedContent, SendError};
use crate::db::channels::ChannelSettings;
use crate::domain::capability::Capability;
use crate::domain::failure::FailureReason;
use crate::domain::message::MediaKind;
use futures_util::future::BoxFuture;
use serde_json::json;
use std::sync::Arc;
use wechat::{Audience as MassAudience, Client, Error, MassMessage, MassStatus, MediaId, OpenId, TagId};

/// The name is taken: an earlier try of the same message made the tag.
const NAME_TAKEN: i64 = 45157;
/// The account has its hundred tags.
const ALL_TAGS_IN_USE: i64 = 45056;
/// There is no such tag.
const NO_SUCH_TAG: i64 = 45159;
/// The tag is gone, although it was there a moment ago: it is made anew.
const TAG_GONE: i64 = 40152;
/// The account may not make the call, or has not agreed to the terms of mass messages.
const LACKING: [i64; 2] = [48001, 48003];

/// The broadcaster of one channel.
#[derive(Debug)]
struct WechatBroadcaster {
    client: Result<Client, Box<SendError>>,
}

pub(super) fn build(kind: &Wechat, channel: &Arc<ChannelSettings>) -> Arc<dyn Broadcaster> {
    Arc::new(WechatBroadcaster {
        client: messenger::ready_client(kind, channel),
    })
}

impl WechatBroadcaster {
    fn client(&self) -> Result<&Client, Box<SendError>> {
        self.client.as_ref().map_err(Clone::clone)
    }

    async fn gathered(&self, name: String, to: String) -> Result<i64, SendError> {
        let client = self.client().map_err(|refused| *refused)?;
        let openid = OpenId::from(to);
        let tag = tag_named(client, &name).await.map_err(|error| of_tags(&error))?;
        client
            .tag_users(tag, std::slice::from_ref(&openid))
            .await
            .map_err(|error| of_tags(&error))?;
        let page = client.tagged_users(tag, None).await;
        let holds = page.map_err(|error| of_tags(&error))?.openids;
        // Somebody may have used the tag by hand: nobody else may read this.
        if holds == [openid] {
            Ok(tag.0)
        } else {
            Err(not_alone())
        }
    }

    async fn submitted(&self, submission: Submission) -> Result<String, SendError> {
        let client = self.client().map_err(|refused| *refused)?;
        let message = mass_message(submission.content).ok_or_else(unsupported)?;
        let audience = MassAudience::Tag(TagId(submission.audience));
        let job = client
            .mass_send(&message, &audience, Some(&submission.key))
            .await
            .map_err(|error| of_submission(&error))?;
        Ok(job.msg_id.to_string())
    }

    async fn asked(&self, job_id: String) -> Result<JobState, SendError> {
        let client = self.client().map_err(|refused| *refused)?;
        let number = job_id.parse().map_err(|_| unsupported())?;
        let status = client.mass_status(number).await;
        Ok(match status.map_err(|error| failures::of_send(&error))? {
            // What is deleted was sent before.
            MassStatus::Sent | MassStatus::Deleted => JobState::Sent,
            MassStatus::Failed => JobState::Failed,
            MassStatus::Sending | MassStatus::Other(_) => JobState::Sending,
        })
    }

    async fn dissolved(&self, audience: i64) -> Result<(), SendError> {
        let client = self.client().map_err(|refused| *refused)?;
        match client.delete_tag(TagId(audience)).await {
            Err(error) if error.api_code() != Some(NO_SUCH_TAG) => Err(failures::of_send(&error)),
            _ => Ok(()),
        }
    }

    async fn named(&self, prefix: String) -> Result<Vec<Audience>, SendError> {
        let client = self.client().map_err(|refused| *refused)?;
        let tags = client.tags().await;
        let tags = tags.map_err(|error| failures::of_send(&error))?;
        let ours = tags.into_iter().filter(|tag| tag.name.starts_with(&prefix));
        Ok(ours
            .map(|tag| Audience {
                id: tag.id.0,
                name: tag.name,
            })
            .collect())
    }
}

async fn tag_named(client: &Client, name: &str) -> Result<TagId, Error> {
    let refused = match client.create_tag(name).await {
        Ok(tag) => return Ok(tag.id),
        Err(error) if error.api_code() == Some(NAME_TAKEN) => error,
        Err(error) => return Err(error),
    };
    let tags = client.tags().await?;
    let known = tags.into_iter().find(|tag| tag.name == name);
    known.map(|tag| tag.id).ok_or(refused)
}

fn mass_message(content: PreparedContent) -> Option<MassMessage> {
    Some(match content {
        PreparedContent::Text(text) => MassMessage::Text(text),
        PreparedContent::Media {
            kind: MediaKind::Image,
            external_id,
            ..
        } => MassMessage::Images {
            media_ids: vec![MediaId::from(external_id)],
            recommend: None,
        },
        PreparedContent::Media {
            kind: MediaKind::Voice,
            external_id,
            ..
        } => MassMessage::Voice(MediaId::from(external_id)),
        PreparedContent::Media {
            kind: MediaKind::Video,
            mass_id: Some(mass_id),
            ..
        } => MassMessage::Video(MediaId::from(mass_id)),
        PreparedContent::Media { .. } | PreparedContent::Menu(_) | PreparedContent::Card(_) => return None,
    })
}

fn of_tags(error: &Error) -> SendError {
    let mut failure = lacking(failures::of_send(error), Capability::Tags);
    // One of them is removed soon.
    if failure.code == Some(ALL_TAGS_IN_USE) {
        failure.class = Class::Retry(None);
    }
    failure
}

/// A request without an answer may have been taken: the caller repeats it with the same key, and knows that it does.
fn of_submission(error: &Error) -> SendError {
    let mut failure = match error {
        Error::Repeatable(source) => failures::of_send(source),
        other => failures::of_send(other),
    };
    if failure.code == Some(TAG_GONE) {
        failure.class = Class::Retry(None);
    }
    lacking(failure, Capability::MassSend)
}

fn lacking(mut failure: SendError, ability: Capability) -> SendError {
    if failure.code.is_some_and(|code| LACKING.contains(&code)) {
        failure.data[LACKS] = json!(ability);
    }
    failure
}

fn not_alone() -> SendError {
    SendError {
        class: Class::Final,
        reason: FailureReason::MassTagNotAlone.as_str().to_owned(),
        code: None,
        data: json!({}),
    }
}

fn unsupported() -> SendError {
    SendError {
        class: Class::Final,
        reason: FailureReason::MassFailed.as_str().to_owned(),
        code: None,
        data: json!({}),
    }
}

impl Broadcaster for WechatBroadcaster {
    fn gather(&self, name: String, to: String) -> BoxFuture<'_, Result<i64, SendError>> {
        Box::pin(self.gathered(name, to))
    }

    fn submit(&self, submission: Submission) -> BoxFuture<'_, Result<String, SendError>> {
        Box::pin(self.submitted(submission))
    }

    fn ask(&self, job_id: String) -> BoxFuture<'_, Result<JobState, SendError>> {
        Box::pin(self.asked(job_id))
    }

    fn dissolve(&self, audience: i64) -> BoxFuture<'_, Result<(), SendError>> {
        Box::pin(self.dissolved(audience))
    }

    fn audiences(&self, prefix: String) -> BoxFuture<'_, Result<Vec<Audience>, SendError>> {
        Box::pin(self.named(prefix))
    }
}
