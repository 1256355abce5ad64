//! A seal as S3 keeps it.

use portal_data::audit::{Digest, Seal};
use portal_jobs::{ObjectKey, ObjectStore};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::error::MaintenanceError;
use crate::settings::Settings;
use crate::step::iso_date;

/// The form of the object and of the digest in it.
const FORM: &str = "portal-audit-seal/1";

/// The object's content.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    format: String,
    #[serde(with = "iso_date")]
    day: Date,
    row_count: i64,
    digest: String,
    previous_digest: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    sealed_at: OffsetDateTime,
}

/// The seals of one bucket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SealObjects<'a> {
    pub(crate) store: &'a ObjectStore,
    pub(crate) settings: &'a Settings,
}

impl SealObjects<'_> {
    /// The key of a day's seal.
    pub(crate) fn key(&self, day: Date) -> String {
        format!("{}{day}.json", self.settings.prefix)
    }

    /// Writes a seal unless its day has one; whether it was written.
    pub(crate) async fn create(&self, seal: &Seal) -> Result<bool, MaintenanceError> {
        let content = Content {
            format: FORM.to_owned(),
            day: seal.day,
            row_count: seal.row_count,
            digest: seal.digest.to_string(),
            previous_digest: seal.previous.map(|digest| digest.to_string()),
            sealed_at: seal.sealed_at,
        };
        let text =
            serde_json::to_vec_pretty(&content).map_err(|error| self.no_seal(&seal.object_key, error))?;
        let object = self.object(seal.object_key.clone());
        Ok(self.store.create(&object, "application/json", text).await?)
    }

    /// Reads the seal of a key.
    pub(crate) async fn read(&self, key: &str) -> Result<Seal, MaintenanceError> {
        let bytes = self.store.read(&self.object(key.to_owned())).await?;
        let content: Content = serde_json::from_slice(&bytes).map_err(|error| self.no_seal(key, error))?;
        let digest = |text: &str| {
            text.parse::<Digest>()
                .map_err(|()| self.no_seal(key, "a digest is no SHA-256"))
        };
        if content.format != FORM || self.key(content.day) != key {
            return Err(self.no_seal(key, format_args!("it says {} of {}", content.format, content.day)));
        }
        Ok(Seal {
            day: content.day,
            row_count: content.row_count,
            digest: digest(&content.digest)?,
            previous: content.previous_digest.as_deref().map(digest).transpose()?,
            object_key: key.to_owned(),
            sealed_at: content.sealed_at,
        })
    }

    /// The days that have an object, with its key; keys that name no day are left out.
    pub(crate) async fn days(&self) -> Result<Vec<(Date, String)>, MaintenanceError> {
        let keys = self
            .store
            .list(&self.settings.bucket, &self.settings.prefix)
            .await?;
        let form = time::macros::format_description!("[year]-[month]-[day]");
        let day = |key: &str| {
            let name = key.strip_prefix(&self.settings.prefix)?.strip_suffix(".json")?;
            Date::parse(name, form).ok()
        };
        Ok(keys
            .into_iter()
            .filter_map(|key| Some((day(&key)?, key)))
            .collect())
    }

    fn object(&self, key: String) -> ObjectKey {
        ObjectKey {
            bucket: self.settings.bucket.clone(),
            key,
            version: None,
        }
    }

    fn no_seal(&self, key: &str, reason: impl std::fmt::Display) -> MaintenanceError {
        MaintenanceError::NoSeal {
            key: format!("s3://{}/{key}", self.settings.bucket),
            reason: reason.to_string(),
        }
    }
}
