//! The AWS emulator, and clients for it.

use super::account::Account;
use super::layout::Layout;
use super::ports::Ports;
use super::supervisor::Spec;
use super::{install, state};
use anyhow::{Context, Result};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, VersioningConfiguration,
};
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use aws_sdk_sesv2::operation::create_email_identity::CreateEmailIdentityError;
use rustix::process::Signal;

/// The region that everything runs in.
pub(crate) const REGION: &str = "us-west-2";
/// What the emulator takes for credentials: anything.
pub(crate) const ACCESS_KEY: &str = "local";
pub(crate) const SECRET_KEY: &str = "local";
/// Licence files and their rejects.
pub(crate) const IMPORTS_BUCKET: &str = "portal-imports";
/// Members' files.
pub(crate) const FILES_BUCKET: &str = "portal-files";
/// Backups.
pub(crate) const BACKUPS_BUCKET: &str = "portal-backups";
/// Tables that are too large for an answer.
pub(crate) const EXPORTS_BUCKET: &str = "portal-exports";

/// The label of a secret's version that a rotation has made and not yet finished.
const PENDING: &str = "AWSPENDING";

/// Whom the portal's mails are from, and the domain of it that SES knows as ours.
pub(crate) const MAIL_FROM: &str = "NAMC NorCal <portal@namc.example>";
pub(crate) const MAIL_DOMAIN: &str = "namc.example";

/// Clients of one emulator.
pub(crate) struct Aws {
    /// S3, path style.
    pub(crate) s3: aws_sdk_s3::Client,
    secrets: aws_sdk_secretsmanager::Client,
    mail: aws_sdk_sesv2::Client,
}

/// The emulator's process. Its state is written when it stops in good order, objects at once.
pub(crate) fn spec(layout: &Layout, ports: &Ports) -> Spec {
    let folder = layout.state.join("aws");
    let text = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let settings = [
        ("GATEWAY_PORT", ports.aws.to_string()),
        ("BIND_HOST", "127.0.0.1".to_owned()),
        ("MINISTACK_HOST", "127.0.0.1".to_owned()),
        ("MINISTACK_REGION", REGION.to_owned()),
        ("SERVICES", "s3,secretsmanager,ses,sns,sqs,sts".to_owned()),
        // By them it checks the signatures of presigned addresses; everything else it takes unsigned.
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
        ("PERSIST_STATE", "1".to_owned()),
        ("STATE_DIR", text("state")),
        ("S3_PERSIST", "1".to_owned()),
        ("S3_DATA_DIR", text("s3")),
        // A broker for devices would listen on a fixed port of every interface.
        ("IOT_MTLS_ENABLED", "0".to_owned()),
        ("LOG_LEVEL", "WARNING".to_owned()),
        ("PATH", std::env::var("PATH").unwrap_or_default()),
        ("HOME", text("home")),
    ];
    Spec {
        name: "aws".to_owned(),
        program: install::tool(layout, "ministack"),
        arguments: Vec::new(),
        environment: Some(
            settings
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        ),
        account: Account::Caller,
        stop: Signal::TERM,
        log: state::log_file(&layout.logs(), "aws"),
        follow_program: false,
        exits: None,
    }
}

/// The emulator's address.
pub(crate) fn endpoint(ports: &Ports) -> String {
    format!("http://127.0.0.1:{}", ports.aws)
}

/// The SDK's configuration for an emulator.
fn configuration(endpoint: &str) -> SdkConfig {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(aws_smithy_http_client::tls::Provider::Rustls(
            aws_smithy_http_client::tls::rustls_provider::CryptoMode::Ring,
        ))
        .build_https();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            ACCESS_KEY, SECRET_KEY, None, None, "local",
        )))
        .http_client(http)
        .build()
}

impl Aws {
    /// Clients for the emulator at this address.
    pub(crate) fn connect(endpoint: &str) -> Self {
        let configuration = configuration(endpoint);
        let s3 = aws_sdk_s3::config::Builder::from(&configuration)
            .force_path_style(true)
            .build();
        Self {
            s3: aws_sdk_s3::Client::from_conf(s3),
            secrets: aws_sdk_secretsmanager::Client::new(&configuration),
            mail: aws_sdk_sesv2::Client::new(&configuration),
        }
    }

    /// Makes a bucket that keeps every version of its objects, unless it is there.
    pub(crate) async fn ensure_bucket(&self, name: &str) -> Result<()> {
        if self.s3.head_bucket().bucket(name).send().await.is_err() {
            let place = CreateBucketConfiguration::builder()
                .location_constraint(BucketLocationConstraint::from(REGION))
                .build();
            let made = self
                .s3
                .create_bucket()
                .bucket(name)
                .create_bucket_configuration(place)
                .send()
                .await;
            made.map_err(aws_sdk_s3::Error::from)
                .with_context(|| format!("cannot make the bucket {name}"))?;
        }
        let versioning = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::Enabled)
            .build();
        let set = self
            .s3
            .put_bucket_versioning()
            .bucket(name)
            .versioning_configuration(versioning)
            .send()
            .await;
        set.map_err(aws_sdk_s3::Error::from)
            .with_context(|| format!("cannot switch on versions in {name}"))?;
        Ok(())
    }

    /// Makes SES take mails from a domain.
    pub(crate) async fn ensure_sender(&self, domain: &str) -> Result<()> {
        let made = self
            .mail
            .create_email_identity()
            .email_identity(domain)
            .send()
            .await;
        match made {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(CreateEmailIdentityError::is_already_exists_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(aws_sdk_sesv2::Error::from(error))
                .with_context(|| format!("SES does not take {domain} for a sender")),
        }
    }

    /// The value of a secret, which is made with `fresh` when it is not there yet.
    pub(crate) async fn ensure_secret(&self, id: &str, fresh: &str) -> Result<String> {
        if let Some(found) = self.secret(id).await? {
            return Ok(found);
        }
        self.put_secret(id, fresh).await?;
        Ok(fresh.to_owned())
    }

    /// The value of a secret, if it is there.
    pub(crate) async fn secret(&self, id: &str) -> Result<Option<String>> {
        match self.secrets.get_secret_value().secret_id(id).send().await {
            Ok(found) => found
                .secret_string()
                .map(|text| Some(text.to_owned()))
                .with_context(|| format!("the secret {id} is no text")),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(aws_sdk_secretsmanager::Error::from(error))
                .with_context(|| format!("cannot read the secret {id}")),
        }
    }

    /// Gives a secret a value, also when it is not there yet.
    pub(crate) async fn put_secret(&self, id: &str, value: &str) -> Result<()> {
        let put = self
            .secrets
            .put_secret_value()
            .secret_id(id)
            .secret_string(value)
            .send()
            .await;
        match put {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(PutSecretValueError::is_resource_not_found_exception) =>
            {
                let make = self.secrets.create_secret().name(id).secret_string(value);
                make.send()
                    .await
                    .map(drop)
                    .map_err(aws_sdk_secretsmanager::Error::from)
                    .with_context(|| format!("cannot make the secret {id}"))
            }
            Err(error) => Err(aws_sdk_secretsmanager::Error::from(error))
                .with_context(|| format!("cannot write the secret {id}")),
        }
    }

    /// Gives a secret the version that is to be its next (AWSPENDING), and returns that version's id.
    pub(crate) async fn put_pending_secret(&self, id: &str, value: &str) -> Result<String> {
        let put = self
            .secrets
            .put_secret_value()
            .secret_id(id)
            .secret_string(value)
            .version_stages(PENDING)
            .send()
            .await;
        let put = put.map_err(aws_sdk_secretsmanager::Error::from);
        let put = put.with_context(|| format!("cannot write the next version of the secret {id}"))?;
        put.version_id()
            .map(str::to_owned)
            .context("a version without an id")
    }

    /// Makes a version of a secret the one that counts.
    pub(crate) async fn finish_secret(&self, id: &str, version: &str) -> Result<()> {
        let current = self.secrets.get_secret_value().secret_id(id).send().await;
        let current = current.map_err(aws_sdk_secretsmanager::Error::from)?;
        let current = current.version_id().context("a version without an id")?;
        let promote = self
            .secrets
            .update_secret_version_stage()
            .secret_id(id)
            .version_stage("AWSCURRENT")
            .move_to_version_id(version)
            .remove_from_version_id(current);
        let settle = self
            .secrets
            .update_secret_version_stage()
            .secret_id(id)
            .version_stage(PENDING)
            .remove_from_version_id(version);
        for step in [promote, settle] {
            let done = step.send().await.map_err(aws_sdk_secretsmanager::Error::from);
            done.with_context(|| format!("cannot finish the rotation of the secret {id}"))?;
        }
        Ok(())
    }
}
