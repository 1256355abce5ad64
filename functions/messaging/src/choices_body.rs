//! A member's choices about notifications, as the member sends them.

use portal_domain::notification::{DEFAULT_ZONE, NotificationChoices, QuietHours, is_zone_name};
use portal_http::fields::{FieldReader, FromFields};

/// The choices, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct ChoicesBody(pub(crate) NotificationChoices);

impl FromFields for ChoicesBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let choices = NotificationChoices {
            topics: fields.optional("topics").unwrap_or_default(),
            quiet_hours: fields.optional("quietHours"),
            time_zone: fields
                .optional("timeZone")
                .unwrap_or_else(|| DEFAULT_ZONE.to_owned()),
            accepts_messages: fields.optional("acceptsMessages").unwrap_or(true),
        };
        if !is_zone_name(&choices.time_zone) {
            fields.fault("timeZone", "must be an IANA name such as America/Los_Angeles");
        }
        if let Some(QuietHours { from, until }) = choices.quiet_hours
            && from == until
        {
            fields.fault("quietHours", "must end at another time than they begin");
        }
        Some(Self(choices))
    }
}
