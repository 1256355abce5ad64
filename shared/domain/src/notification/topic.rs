//! What optional mails are about, and what a member chooses of it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::object::Object;
use crate::words::words;

words! {
    /// What optional mails are about: a member takes each topic or leaves it.
    Topic {
        /// One mail a day that tells of unread messages.
        Digest = "digest",
        /// Projects that the member bids on, is invited to or runs.
        Projects = "projects",
        /// Events that the member is registered for.
        Events = "events",
        /// Courses that the member takes, and certificates.
        Courses = "courses",
        /// Urgent news from staff.
        Announcements = "announcements",
        /// Replies to tickets.
        Tickets = "tickets",
        /// What saved searches have found.
        Searches = "searches",
    }
}

impl Topic {
    /// Whether preferences, as a profile keeps them, let mails of this topic out. A topic is on or off as a whole, or by channel; what
    /// they do not name is on.
    #[must_use]
    pub fn is_mailed(self, preferences: &Value) -> bool {
        let off = |choice: &Value| choice == &Value::Bool(false);
        match preferences.get(self.as_str()) {
            Some(Value::Object(channels)) => !channels.get("email").is_some_and(off),
            Some(choice) => !off(choice),
            None => true,
        }
    }
}

/// By which ways a member is told of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(from = "Object<UnreadChoice>", deny_unknown_fields)]
pub struct TopicChoice {
    /// By mail.
    #[schema(required = false)]
    pub email: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnreadChoice {
    #[serde(default = "on")]
    email: bool,
}

impl From<Object<UnreadChoice>> for TopicChoice {
    fn from(Object(choice): Object<UnreadChoice>) -> Self {
        Self { email: choice.email }
    }
}

const fn on() -> bool {
    true
}

impl Default for TopicChoice {
    fn default() -> Self {
        Self { email: true }
    }
}

/// The choice for each topic; what a member has not chosen is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Topics {
    /// One mail a day that tells of unread messages.
    pub digest: TopicChoice,
    /// Projects that the member bids on, is invited to or runs.
    pub projects: TopicChoice,
    /// Events that the member is registered for.
    pub events: TopicChoice,
    /// Courses that the member takes, and certificates.
    pub courses: TopicChoice,
    /// Urgent news from staff.
    pub announcements: TopicChoice,
    /// Replies to tickets.
    pub tickets: TopicChoice,
    /// What saved searches have found.
    pub searches: TopicChoice,
}

impl Topics {
    /// What preferences, as a profile keeps them, come to.
    #[must_use]
    pub fn of(preferences: &Value) -> Self {
        let choice = |topic: Topic| TopicChoice {
            email: topic.is_mailed(preferences),
        };
        Self {
            digest: choice(Topic::Digest),
            projects: choice(Topic::Projects),
            events: choice(Topic::Events),
            courses: choice(Topic::Courses),
            announcements: choice(Topic::Announcements),
            tickets: choice(Topic::Tickets),
            searches: choice(Topic::Searches),
        }
    }

    /// The choice for one.
    #[must_use]
    pub const fn choice(&self, topic: Topic) -> TopicChoice {
        match topic {
            Topic::Digest => self.digest,
            Topic::Projects => self.projects,
            Topic::Events => self.events,
            Topic::Courses => self.courses,
            Topic::Announcements => self.announcements,
            Topic::Tickets => self.tickets,
            Topic::Searches => self.searches,
        }
    }

    /// The preferences with these choices in them; other topics and other channels stay.
    #[must_use]
    pub fn put_into(&self, preferences: &Map<String, Value>) -> Map<String, Value> {
        let mut preferences = preferences.clone();
        for topic in Topic::ALL {
            let email = json!(self.choice(*topic).email);
            let before = preferences.remove(topic.as_str());
            let mut channels = match before {
                Some(Value::Object(channels)) => channels,
                _ => Map::new(),
            };
            channels.insert("email".to_owned(), email);
            preferences.insert(topic.as_str().to_owned(), Value::Object(channels));
        }
        preferences
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_mailed_unless_it_or_its_channel_is_off() {
        for (preferences, mailed) in [
            (json!({}), true),
            (json!({"projects": true}), true),
            (json!({"projects": false}), false),
            (json!({"projects": {}}), true),
            (json!({"projects": {"inApp": false}}), true),
            (json!({"projects": {"email": false, "inApp": true}}), false),
            (json!({"events": false}), true),
            (json!([]), true),
        ] {
            assert_eq!(Topic::Projects.is_mailed(&preferences), mailed, "{preferences}");
        }
    }

    #[test]
    fn choices_read_back_and_leave_the_rest() {
        let before = json!({"newsletter": true, "events": {"inApp": false}, "tickets": false});
        let mut topics = Topics::of(&before);
        assert_eq!((topics.events.email, topics.tickets.email), (true, false));
        topics.digest.email = false;
        let after = Value::Object(topics.put_into(before.as_object().unwrap()));
        assert_eq!(Topics::of(&after), topics);
        assert_eq!(after["newsletter"], json!(true));
        assert_eq!(after["events"], json!({"inApp": false, "email": true}));
    }

    #[test]
    fn every_topic_has_its_choice() {
        let off = TopicChoice { email: false };
        for topic in Topic::ALL {
            let preferences = json!({ topic.as_str(): { "email": false } });
            let topics = Topics::of(&preferences);
            assert_eq!(topics.choice(*topic), off, "{topic}");
            let others = Topic::ALL.iter().filter(|other| *other != topic);
            assert!(others.into_iter().all(|other| topics.choice(*other).email));
            let written = serde_json::to_value(topics).unwrap();
            assert_eq!(written[topic.as_str()], json!({"email": false}));
        }
    }
}
