//! Putting a file into the imports bucket, and delivering the event that S3 would send then.

use crate::stack::aws::Aws;
pub(crate) use crate::stack::s3_event::Object;
use crate::stack::s3_event::event;
use anyhow::{Context, Result, bail};
use aws_sdk_s3::primitives::{ByteStream, Length};
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use serde_json::Value;
use std::path::Path;
use time::OffsetDateTime;

/// Files past this size go up in parts, as AWS advises.
const PART_BYTES: u64 = 64 * 1024 * 1024;

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
    let event = event(&object, "contractor-import", OffsetDateTime::now_utc())?;
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

fn text<'a>(stack: &'a Value, name: &str) -> Result<&'a str> {
    stack
        .get(name)
        .and_then(Value::as_str)
        .with_context(|| format!("stack.json holds no {name}"))
}
