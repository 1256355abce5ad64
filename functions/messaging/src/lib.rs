//! Messages between members, what members are told of, announcements and tickets.

mod add_feedback_reply;
mod announcement_body;
mod announcing;
mod archive_message;
mod block_member;
mod change_announcement;
mod change_notification_preferences;
mod choices_body;
mod close_feedback;
mod create_announcement;
mod create_feedback;
mod delete_announcement;
mod feedback_body;
mod limits;
mod list_announcements;
mod list_blocks;
mod list_conversations;
mod list_feedback;
mod list_feedback_replies;
mod list_messages;
mod mark_announcement_read;
mod mark_messages_read;
mod message_body;
mod own_message;
mod reopen_feedback;
mod report_message;
mod send_message;
mod show_announcement;
mod show_announcement_reach;
mod show_feedback;
mod show_message;
mod show_notification_preferences;
mod show_unread;
mod state;
mod ticket;
mod unarchive_message;
mod unblock_member;
mod unsubscribe;

use portal_http::Operations;
pub use state::Messaging;
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "messaging";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Messaging> {
    Operations::of(FUNCTION)
        .bind("list_conversations", list_conversations::list_conversations)
        .bind("list_messages", list_messages::list_messages)
        .bind("send_message", send_message::send_message)
        .bind("mark_messages_read", mark_messages_read::mark_messages_read)
        .bind("show_unread", show_unread::show_unread)
        .bind("show_message", show_message::show_message)
        .bind("archive_message", archive_message::archive_message)
        .bind("unarchive_message", unarchive_message::unarchive_message)
        .bind("report_message", report_message::report_message)
        .bind("list_blocks", list_blocks::list_blocks)
        .bind("block_member", block_member::block_member)
        .bind("unblock_member", unblock_member::unblock_member)
        .bind(
            "show_notification_preferences",
            show_notification_preferences::show_notification_preferences,
        )
        .bind(
            "change_notification_preferences",
            change_notification_preferences::change_notification_preferences,
        )
        .bind("unsubscribe", unsubscribe::unsubscribe)
        .bind("list_announcements", list_announcements::list_announcements)
        .bind("create_announcement", create_announcement::create_announcement)
        .bind("show_announcement", show_announcement::show_announcement)
        .bind("change_announcement", change_announcement::change_announcement)
        .bind("delete_announcement", delete_announcement::delete_announcement)
        .bind(
            "mark_announcement_read",
            mark_announcement_read::mark_announcement_read,
        )
        .bind(
            "show_announcement_reach",
            show_announcement_reach::show_announcement_reach,
        )
        .bind("list_feedback", list_feedback::list_feedback)
        .bind("create_feedback", create_feedback::create_feedback)
        .bind("show_feedback", show_feedback::show_feedback)
        .bind(
            "list_feedback_replies",
            list_feedback_replies::list_feedback_replies,
        )
        .bind("add_feedback_reply", add_feedback_reply::add_feedback_reply)
        .bind("close_feedback", close_feedback::close_feedback)
        .bind("reopen_feedback", reopen_feedback::reopen_feedback)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        list_conversations::list_conversations,
        list_messages::list_messages,
        send_message::send_message,
        mark_messages_read::mark_messages_read,
        show_unread::show_unread,
        show_message::show_message,
        archive_message::archive_message,
        unarchive_message::unarchive_message,
        report_message::report_message,
        list_blocks::list_blocks,
        block_member::block_member,
        unblock_member::unblock_member,
        show_notification_preferences::show_notification_preferences,
        change_notification_preferences::change_notification_preferences,
        unsubscribe::unsubscribe,
        list_announcements::list_announcements,
        create_announcement::create_announcement,
        show_announcement::show_announcement,
        change_announcement::change_announcement,
        delete_announcement::delete_announcement,
        mark_announcement_read::mark_announcement_read,
        show_announcement_reach::show_announcement_reach,
        list_feedback::list_feedback,
        create_feedback::create_feedback,
        show_feedback::show_feedback,
        list_feedback_replies::list_feedback_replies,
        add_feedback_reply::add_feedback_reply,
        close_feedback::close_feedback,
        reopen_feedback::reopen_feedback
    ),
    components(schemas(
        portal_domain::announcement::AnnouncementDetails,
        portal_domain::notification::NotificationChoices
    ))
)]
struct Document;

/// The function's part of the OpenAPI document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    portal_http::openapi::complete(Document::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_description_and_table_agree() {
        assert_eq!(operations().into_router().err(), None);
        assert_eq!(
            portal_http::openapi::differences(FUNCTION, &openapi()),
            Vec::<String>::new()
        );
    }
}
