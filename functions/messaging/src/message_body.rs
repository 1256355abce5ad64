//! A message as its sender sends it.

use portal_domain::message::NewMessage;
use portal_http::fields::{FieldReader, FromFields};

/// The message, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct MessageBody(pub(crate) NewMessage);

impl FromFields for MessageBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let receiver_id = fields.required("receiverId");
        let subject = fields.optional("subject");
        let content = fields.required("content");
        Some(Self(NewMessage {
            receiver_id: receiver_id?,
            subject,
            content: content?,
        }))
    }
}
