//! What members write to each other.

mod limits;

use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::{MessageId, UserId};
use crate::listing::Moment;
use crate::text::{Line, Prose};
use crate::words::words;

pub use limits::{MessageLimit, is_new};

words! {
    /// How far a message has come.
    MessageStatus {
        /// Written.
        Sent = "SENT",
        /// Shown to its receiver by the portal before this one; it counts as unread.
        Delivered = "DELIVERED",
        /// Read by its receiver.
        Read = "READ",
        /// Put away by its receiver.
        Archived = "ARCHIVED",
    }
}

/// What a member writes.
#[derive(Clone, Debug, PartialEq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct NewMessage {
    /// To whom.
    pub receiver_id: UserId,
    /// What it is about.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    pub subject: Option<Line<300>>,
    /// The message.
    #[schema(value_type = String, min_length = 1, max_length = 10_000)]
    pub content: Prose<10_000>,
}

/// A message, as its two people see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub sender_id: UserId,
    /// To whom.
    pub receiver_id: UserId,
    /// What it is about; empty where nothing was said.
    pub subject: String,
    /// The message.
    pub content: String,
    /// How far it has come; who wrote it does not see that it was put away.
    pub status: MessageStatus,
    /// When it was written.
    pub sent_at: Moment,
    /// When it was read.
    #[schema(required)]
    pub read_at: Option<Moment>,
}

impl Message {
    /// The message as one of its people sees it: that it was put away is for its receiver alone to know.
    #[must_use]
    pub fn as_seen_by(mut self, viewer: UserId) -> Self {
        if self.status == MessageStatus::Archived && self.receiver_id != viewer {
            self.status = MessageStatus::Read;
        }
        self
    }
}

/// The other side of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counterpart {
    /// The member.
    pub id: UserId,
    /// First and last name; null where the account is closed.
    #[schema(required)]
    pub name: Option<String>,
    /// The firm.
    #[schema(required)]
    pub company: Option<String>,
    /// The picture's key in the store of files.
    #[schema(required)]
    pub profile_image_key: Option<String>,
    /// Whether the caller has blocked the member.
    pub is_blocked: bool,
}

/// The last message of a conversation, in short.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastMessage {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub sender_id: UserId,
    /// What it is about; empty where nothing was said.
    pub subject: String,
    /// How it begins: up to 140 characters.
    pub excerpt: String,
}

/// Everything that two members have written to each other, as one of them sees it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// With whom.
    pub counterpart: Counterpart,
    /// The last message.
    #[schema(required)]
    pub last_message: Option<LastMessage>,
    /// When that was written.
    pub last_message_at: Moment,
    /// How many messages the caller has not read.
    #[schema(minimum = 0)]
    pub unread_count: i32,
    /// When the caller put it away; a new message brings it back.
    #[schema(required)]
    pub archived_at: Option<Moment>,
}

/// What a member has not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Unread {
    /// How many messages.
    #[schema(minimum = 0)]
    pub messages: i64,
    /// In how many conversations.
    #[schema(minimum = 0)]
    pub conversations: i64,
}

/// A member whom the caller does not want to hear from.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// The member.
    pub member_id: UserId,
    /// First and last name; null where the account is closed.
    #[schema(required)]
    pub name: Option<String>,
    /// Since when.
    pub created_at: Moment,
}
