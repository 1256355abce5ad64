//! The event that S3 sends when an object was written: the emulator sends none to functions, so whoever writes one delivers it.

use super::aws::REGION;
use anyhow::Result;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What S3 leaves as it is in the keys of its events.
const KEY_CHARACTERS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'*')
    .remove(b'/');

/// An object as S3 knows it after the upload.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) version: String,
    pub(crate) etag: String,
    pub(crate) size: u64,
}

/// The event that S3 sends for a new object, in the shape of its documentation ("Event message structure").
pub(crate) fn event(object: &Object, function: &str, now: OffsetDateTime) -> Result<Value> {
    let kind = if object.etag.contains('-') {
        "ObjectCreated:CompleteMultipartUpload"
    } else {
        "ObjectCreated:Put"
    };
    Ok(json!({ "Records": [{
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": REGION,
        "eventTime": now.format(&Rfc3339)?,
        "eventName": kind,
        "userIdentity": { "principalId": "LOCAL" },
        "requestParameters": { "sourceIPAddress": "127.0.0.1" },
        "responseElements": { "x-amz-request-id": "LOCAL", "x-amz-id-2": "LOCAL" },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": function,
            "bucket": {
                "name": object.bucket,
                "ownerIdentity": { "principalId": "LOCAL" },
                "arn": format!("arn:aws:s3:::{}", object.bucket),
            },
            "object": {
                "key": encode_key(&object.key),
                "size": object.size,
                "eTag": object.etag,
                "versionId": object.version,
                // S3 orders the events of one key by it: hexadecimal, growing.
                "sequencer": format!("{:018X}", now.unix_timestamp_nanos()),
            },
        },
    }] }))
}

/// A key as S3 writes it in events: form encoding, with `+` for a space.
fn encode_key(key: &str) -> String {
    utf8_percent_encode(key, KEY_CHARACTERS)
        .to_string()
        .replace("%20", "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_encoded_as_s3_does() {
        assert_eq!(
            encode_key("contractors/2026-08-24/a b+ü.csv"),
            "contractors/2026-08-24/a+b%2B%C3%BC.csv"
        );
    }

    #[test]
    fn later_events_have_greater_sequencers() {
        let object = Object {
            bucket: "b".into(),
            key: "k".into(),
            version: "v".into(),
            etag: "e".into(),
            size: 1,
        };
        let sequencer = |seconds: i64| {
            let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            event(&object, "contractor-import", now).unwrap()["Records"][0]["s3"]["object"]["sequencer"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        assert!(sequencer(1_900_000_000) > sequencer(1_800_000_000));
    }
}
