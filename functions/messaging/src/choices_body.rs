//! A member's choices about notifications, as the member sends them.

use portal_domain::notification::{DEFAULT_ZONE, NotificationChoices, QuietHours, Topics, is_zone_name};
use portal_domain::object::Object;
use portal_http::fields::{FieldReader, FromFields};

/// The choices, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct ChoicesBody(pub(crate) NotificationChoices);

impl FromFields for ChoicesBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let topics: Option<Object<Topics>> = fields.optional("topics");
        let quiet_hours: Option<Object<QuietHours>> = fields.optional("quietHours");
        let choices = NotificationChoices {
            topics: topics.map(|topics| topics.0).unwrap_or_default(),
            quiet_hours: quiet_hours.map(|hours| hours.0),
            time_zone: fields
                .defaulted("timeZone")
                .unwrap_or_else(|| DEFAULT_ZONE.to_owned()),
            accepts_messages: fields.defaulted("acceptsMessages").unwrap_or(true),
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
