//! Putting a file into the imports bucket, and delivering the event that S3 would send then.

use crate::stack::aws::{Aws, REGION};
use anyhow::{Context, Result, bail};
use aws_sdk_s3::primitives::{ByteStream, Length};
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::path::Path;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Files past this size go up in parts, as AWS advises.
const PART_BYTES: u64 = 64 * 1024 * 1024;
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

/// Puts a file at `contractors/<date>/<file name>`; the metadata `dry-run` says whether it is for real.
pub(crate) async fn put(stack: &Value, file: &Path, dry_run: bool) -> Result<Object> {
    let metadata = std::fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?;
    if !metadata.is_file() {
        bail!("{} is not a file", file.display());
    }
    let name = file
        .file_name()
        .context("the file has no name")?
        .to_string_lossy();
    let key = format!("contractors/{}/{name}", OffsetDateTime::now_utc().date());
    let bucket = text(stack, "importsBucket")?;
    let aws = Aws::connect(text(stack, "awsEndpoint")?);
    let upload = Upload {
        aws: &aws,
        bucket,
        key: &key,
        dry_run,
    };
    let (etag, version) = if metadata.len() > PART_BYTES {
        upload.in_parts(file, metadata.len()).await
    } else {
        upload.whole(file).await
    }
    .with_context(|| format!("cannot put {} into the bucket {bucket}", file.display()))?;
    let etag = etag.unwrap_or_default().trim_matches('"').to_owned();
    Ok(Object {
        bucket: bucket.to_owned(),
        key,
        version: version.unwrap_or_default(),
        etag,
        size: metadata.len(),
    })
}

/// ETag and version.
type Stored = (Option<String>, Option<String>);

struct Upload<'a> {
    aws: &'a Aws,
    bucket: &'a str,
    key: &'a str,
    dry_run: bool,
}

impl Upload<'_> {
    async fn whole(&self, file: &Path) -> Result<Stored> {
        let put = self
            .aws
            .s3
            .put_object()
            .bucket(self.bucket)
            .key(self.key)
            .content_type("text/csv");
        let put = put
            .metadata("dry-run", self.dry_run.to_string())
            .body(ByteStream::from_path(file).await?);
        let stored = put.send().await.map_err(aws_sdk_s3::Error::from)?;
        Ok((stored.e_tag, stored.version_id))
    }

    async fn in_parts(&self, file: &Path, size: u64) -> Result<Stored> {
        let s3 = &self.aws.s3;
        let create = s3
            .create_multipart_upload()
            .bucket(self.bucket)
            .key(self.key)
            .content_type("text/csv");
        let begun = create
            .metadata("dry-run", self.dry_run.to_string())
            .send()
            .await
            .map_err(aws_sdk_s3::Error::from)?;
        let id = begun.upload_id().context("S3 gave the upload no id")?;
        match self.parts(file, size, id).await {
            Ok(parts) => {
                let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
                let complete = s3
                    .complete_multipart_upload()
                    .bucket(self.bucket)
                    .key(self.key)
                    .upload_id(id);
                let stored = complete
                    .multipart_upload(parts)
                    .send()
                    .await
                    .map_err(aws_sdk_s3::Error::from)?;
                Ok((stored.e_tag, stored.version_id))
            }
            Err(error) => {
                // Parts of an upload that is never completed would be kept, and paid, for ever.
                s3.abort_multipart_upload()
                    .bucket(self.bucket)
                    .key(self.key)
                    .upload_id(id)
                    .send()
                    .await
                    .ok();
                Err(error)
            }
        }
    }

    async fn parts(&self, file: &Path, size: u64, id: &str) -> Result<Vec<CompletedPart>> {
        let mut parts = Vec::new();
        for (number, offset) in (1..).zip((0..size).step_by(usize::try_from(PART_BYTES)?)) {
            let length = PART_BYTES.min(size - offset);
            let body = ByteStream::read_from()
                .path(file)
                .offset(offset)
                .length(Length::Exact(length))
                .build()
                .await?;
            let part = self
                .aws
                .s3
                .upload_part()
                .bucket(self.bucket)
                .key(self.key)
                .upload_id(id)
                .part_number(number);
            let stored = part.body(body).send().await.map_err(aws_sdk_s3::Error::from)?;
            parts.push(
                CompletedPart::builder()
                    .part_number(number)
                    .set_e_tag(stored.e_tag)
                    .build(),
            );
        }
        Ok(parts)
    }
}

/// Invokes contractor-import with the object's event and waits for its answer.
pub(crate) async fn deliver(stack: Value, object: Object) -> Result<()> {
    let url = format!(
        "{}/contractor-import/invocations",
        text(&stack, "invocationsUrl")?
    );
    let client = reqwest::Client::builder().no_proxy().build()?;
    let event = event(&object, OffsetDateTime::now_utc())?;
    let response = client
        .post(url)
        .json(&event)
        .send()
        .await
        .context("cannot deliver the event")?;
    if !response.status().is_success() {
        bail!("contractor-import failed: {}", response.text().await?);
    }
    Ok(())
}

/// The event that S3 sends for a new object, in the shape of its documentation ("Event message structure").
fn event(object: &Object, now: OffsetDateTime) -> Result<Value> {
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
            "configurationId": "contractor-import",
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

fn text<'a>(stack: &'a Value, name: &str) -> Result<&'a str> {
    stack
        .get(name)
        .and_then(Value::as_str)
        .with_context(|| format!("stack.json holds no {name}"))
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
            event(&object, now).unwrap()["Records"][0]["s3"]["object"]["sequencer"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        assert!(sequencer(1_900_000_000) > sequencer(1_800_000_000));
    }
}
