//! What started the function.

use aws_lambda_events::s3::{S3Event, S3EventRecord};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// An event, by what it asks for. `A` are the function's own actions, tagged by `action`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger<A> {
    /// Objects were written. Records of other S3 events are left out; records that cannot be understood are errors of their own,
    /// so that the good ones are served all the same.
    Objects(Vec<Result<ObjectCreated, TriggerError>>),
    /// What S3 sends when a notification is set up.
    Test,
    /// A schedule of EventBridge.
    Schedule,
    /// One of the function's own actions.
    Action(A),
}

/// An object that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectCreated {
    /// The bucket.
    pub bucket: String,
    /// The key as it is, not as the event encodes it.
    pub key: String,
    /// The version; none in a bucket without versions.
    pub version: Option<String>,
    /// S3's order of the events of one key; none when the event does not say.
    pub sequencer: Option<String>,
    /// The entity tag that the event speaks of, without quotes.
    pub etag: Option<String>,
}

/// The event cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TriggerError {
    /// It is none of the events that this function serves.
    #[error("the event is neither an S3 notification, nor a schedule, nor an action of this function: {0}")]
    Unknown(String),
    /// An S3 record names no bucket.
    #[error("the S3 record names no bucket")]
    NoBucket,
    /// An S3 record names no key.
    #[error("the S3 record names no object key")]
    NoKey,
    /// The key is not UTF-8 once decoded.
    #[error("the object key {0:?} is not UTF-8 once decoded")]
    KeyEncoding(String),
    /// The record names something with a NUL in it, as S3 names nothing.
    #[error("the S3 record holds a NUL character")]
    Nul,
}

impl<A: DeserializeOwned> Trigger<A> {
    /// Tells what an event is.
    ///
    /// # Errors
    /// [`TriggerError::Unknown`], with what is wrong.
    pub fn from_event(event: Value) -> Result<Self, TriggerError> {
        let unknown = |error: serde_json::Error| TriggerError::Unknown(error.to_string());
        if event.get("Records").is_some() {
            let event: S3Event = serde_json::from_value(event).map_err(unknown)?;
            return Ok(Self::Objects(
                event
                    .records
                    .into_iter()
                    .filter(is_creation)
                    .map(ObjectCreated::from_record)
                    .collect(),
            ));
        }
        if event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
            return Ok(Self::Test);
        }
        if event.get("action").is_some() {
            return serde_json::from_value(event).map(Self::Action).map_err(unknown);
        }
        if event.get("detail-type").and_then(Value::as_str) == Some("Scheduled Event") {
            return Ok(Self::Schedule);
        }
        let members = event
            .as_object()
            .map(|members| members.keys().cloned().collect::<Vec<_>>().join(", "));
        Err(TriggerError::Unknown(members.map_or_else(
            || "it is not a JSON object".to_owned(),
            |members| format!("its members are [{members}]"),
        )))
    }
}

/// Whether the record is about an object that was written. A record that does not say is taken as one.
fn is_creation(record: &S3EventRecord) -> bool {
    record
        .event_name
        .as_deref()
        .is_none_or(|name| name.trim_start_matches("s3:").starts_with("ObjectCreated"))
}

impl ObjectCreated {
    fn from_record(record: S3EventRecord) -> Result<Self, TriggerError> {
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        let bucket = filled(record.s3.bucket.name).ok_or(TriggerError::NoBucket)?;
        let object = record.s3.object;
        let key = filled(object.key).ok_or(TriggerError::NoKey)?;
        let created = Self {
            bucket,
            key: decode_key(&key)?,
            version: filled(object.version_id),
            sequencer: filled(object.sequencer),
            etag: filled(object.e_tag).map(|etag| etag.trim_matches('"').to_owned()),
        };
        let texts = [
            Some(&created.bucket),
            Some(&created.key),
            created.version.as_ref(),
            created.sequencer.as_ref(),
            created.etag.as_ref(),
        ];
        if texts.into_iter().flatten().any(|text| text.contains('\0')) {
            return Err(TriggerError::Nul);
        }
        Ok(created)
    }
}

/// S3 encodes keys in events as forms do: `+` for a space, the rest in percent.
fn decode_key(key: &str) -> Result<String, TriggerError> {
    let spaced = key.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| TriggerError::KeyEncoding(key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(tag = "action", rename_all = "camelCase")]
    enum Action {
        Sweep,
    }

    fn parse(event: Value) -> Result<Trigger<Action>, TriggerError> {
        Trigger::from_event(event)
    }

    fn record(object: &Value) -> Value {
        json!({
            "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-west-2", "eventTime": "2026-08-24T10:00:00.000Z",
            "eventName": "ObjectCreated:Put", "userIdentity": { "principalId": "A" },
            "requestParameters": { "sourceIPAddress": "127.0.0.1" }, "responseElements": {},
            "s3": { "s3SchemaVersion": "1.0", "bucket": { "name": "imports", "arn": "arn:aws:s3:::imports" }, "object": object }
        })
    }

    #[test]
    fn a_written_object_is_read_with_its_key_decoded() {
        let object = json!({ "key": "daily+files/MU%C3%91OZ%2B1.csv", "size": 7, "eTag": "\"abc\"", "sequencer": "00A" });
        let Trigger::Objects(objects) = parse(json!({ "Records": [record(&object)] })).unwrap() else {
            panic!()
        };
        let expected = ObjectCreated {
            bucket: "imports".into(),
            key: "daily files/MUÑOZ+1.csv".into(),
            version: None,
            sequencer: Some("00A".into()),
            etag: Some("abc".into()),
        };
        assert_eq!(objects, [Ok(expected)]);
    }

    #[test]
    fn a_bad_record_does_not_hide_the_good_ones() {
        let mut removed = record(&json!({ "key": "gone.csv" }));
        removed["eventName"] = "ObjectRemoved:Delete".into();
        let mut nowhere = record(&json!({ "key": "a.csv" }));
        nowhere["s3"]["bucket"] = json!({});
        let records = [
            record(&json!({})),
            removed,
            nowhere,
            record(&json!({ "key": "%ff" })),
            record(&json!({ "key": "a%00.csv" })),
            record(&json!({ "key": "a.csv", "sequencer": "0\u{0}" })),
            record(&json!({ "key": "a.csv" })),
        ];
        let Trigger::Objects(objects) = parse(json!({ "Records": records })).unwrap() else {
            panic!()
        };
        assert_eq!(objects.len(), 6);
        assert_eq!(objects[0], Err(TriggerError::NoKey));
        assert_eq!(objects[1], Err(TriggerError::NoBucket));
        assert_eq!(objects[2], Err(TriggerError::KeyEncoding("%ff".into())));
        assert_eq!(objects[3..5], [Err(TriggerError::Nul), Err(TriggerError::Nul)]);
        assert_eq!(objects[5].as_ref().unwrap().key, "a.csv");
    }

    #[test]
    fn test_events_schedules_and_actions_are_told_apart() {
        assert_eq!(
            parse(json!({ "Service": "Amazon S3", "Event": "s3:TestEvent" })),
            Ok(Trigger::Test)
        );
        assert_eq!(
            parse(json!({ "detail-type": "Scheduled Event", "source": "aws.events" })),
            Ok(Trigger::Schedule)
        );
        assert_eq!(
            parse(json!({ "action": "sweep" })),
            Ok(Trigger::Action(Action::Sweep))
        );
    }

    #[test]
    fn other_events_are_refused_with_what_they_hold() {
        let message = |event| parse(event).unwrap_err().to_string();
        assert!(message(json!({ "action": "explode" })).contains("explode"));
        assert!(message(json!({ "hello": 1, "world": 2 })).contains("hello, world"));
        assert!(message(json!([1])).contains("not a JSON object"));
        assert!(message(json!({ "Records": [{}] })).contains("missing field"));
    }
}
