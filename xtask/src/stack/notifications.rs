//! The notifications of the places in buckets which clients write to without anybody of ours at hand. The emulator tells no function of
//! it, so people's own stack looks into them; tests deliver events when they want to.

use super::aws::{self, Aws};
use super::lambda;
use super::ports::Ports;
use super::s3_event::{Object, event};
use anyhow::Result;
use std::collections::HashMap;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::time::MissedTickBehavior;

/// A place that clients write to.
#[derive(Clone, Copy)]
struct Place {
    bucket: &'static str,
    /// What the keys there begin with.
    prefix: &'static str,
    /// The function that is told.
    function: &'static str,
}

/// What is watched. The licence files that `cargo xtask import` puts lie elsewhere in their bucket: it tells of them itself.
const PLACES: [Place; 2] = [
    Place {
        bucket: aws::FILES_BUCKET,
        prefix: "",
        function: "files",
    },
    Place {
        bucket: aws::IMPORTS_BUCKET,
        prefix: "uploads/",
        function: "contractor-import",
    },
];
/// Between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// What tells one content of a key from the next: when it was written, and its entity tag.
type Mark = (i64, String);

/// Tells the functions of every object that is written from now on, until this process ends.
pub(crate) fn keep(ports: &Ports) -> Result<()> {
    for place in PLACES {
        keep_telling(Bell {
            s3: Aws::connect(&aws::endpoint(ports)).s3,
            client: reqwest::Client::builder().no_proxy().build()?,
            url: format!(
                "{}/2015-03-31/functions/{}/invocations",
                lambda::url(ports),
                place.function
            ),
            place,
        });
    }
    Ok(())
}

fn keep_telling(bell: Bell) {
    tokio::spawn(async move {
        let mut turns = tokio::time::interval(LOOK);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen: Option<HashMap<String, Mark>> = None;
        loop {
            turns.tick().await;
            match bell.look(seen.as_ref()).await {
                Ok(found) => seen = Some(found),
                Err(error) => eprintln!("the bucket {} cannot be watched: {error:#}", bell.place.bucket),
            }
        }
    });
}

struct Bell {
    s3: aws_sdk_s3::Client,
    client: reqwest::Client,
    url: String,
    place: Place,
}

impl Bell {
    /// Rings for what was not there at the last look; the first look only remembers. What fails is tried again at the next.
    async fn look(&self, seen: Option<&HashMap<String, Mark>>) -> Result<HashMap<String, Mark>> {
        let mut found = HashMap::new();
        let mut pages = self
            .s3
            .list_objects_v2()
            .bucket(self.place.bucket)
            .prefix(self.place.prefix)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            for listed in page
                .map_err(aws_sdk_s3::Error::from)?
                .contents
                .unwrap_or_default()
            {
                let written = listed
                    .last_modified()
                    .map_or(0, aws_sdk_s3::primitives::DateTime::secs);
                let etag = listed.e_tag().unwrap_or_default().trim_matches('"').to_owned();
                let size = listed
                    .size()
                    .and_then(|size| u64::try_from(size).ok())
                    .unwrap_or_default();
                let Some(key) = listed.key else { continue };
                let mark = (written, etag.clone());
                if seen.is_some_and(|seen| seen.get(&key) != Some(&mark)) {
                    self.ring(&key, etag, size).await?;
                }
                found.insert(key, mark);
            }
        }
        Ok(found)
    }

    async fn ring(&self, key: &str, etag: String, size: u64) -> Result<()> {
        let head = self
            .s3
            .head_object()
            .bucket(self.place.bucket)
            .key(key)
            .send()
            .await;
        let version = head
            .map_err(aws_sdk_s3::Error::from)?
            .version_id
            .unwrap_or_default();
        let object = Object {
            bucket: self.place.bucket.to_owned(),
            key: key.to_owned(),
            version,
            etag,
            size,
        };
        let event = event(&object, self.place.function, OffsetDateTime::now_utc())?;
        let request = self
            .client
            .post(&self.url)
            .header("x-amz-invocation-type", "Event");
        request.json(&event).send().await?.error_for_status()?;
        Ok(())
    }
}
