//! The stack that the tests run against, as `cargo xtask dev` or `cargo xtask test` describes it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::Deserialize;

/// Where one role reaches the database.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Urls {
    /// The primary itself.
    pub primary: String,
    /// The pooler before the primary.
    pub primary_pooled: String,
    /// The replica itself.
    pub replica: String,
    /// The pooler before the replica.
    pub replica_pooled: String,
}

/// An account of the demo set.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its address.
    pub email: String,
    /// Its password.
    pub password: String,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// The base32 secret of its authenticator, where it has one.
    pub totp_secret: Option<String>,
}

/// `stack.json`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stack {
    /// The gateway.
    pub api_url: String,
    /// Where functions are invoked and answer: `<this>/<function>/invocations`.
    pub invocations_url: String,
    /// The Lambda service, which also takes events and delivers them behind the answer.
    pub lambda_url: String,
    /// The AWS emulator.
    pub aws_endpoint: String,
    /// Stripe's stand-in.
    pub stripe_api: String,
    /// Where licence files are put.
    pub imports_bucket: String,
    /// By role, with `owner` for the superuser.
    pub databases: BTreeMap<String, Urls>,
    /// Accounts to sign in with.
    pub accounts: Vec<Account>,
    /// The CA of the databases' certificates.
    pub ca_file: PathBuf,
    /// What every function's environment holds.
    pub environment: BTreeMap<String, String>,
}

/// Where the stack is described.
pub fn file() -> PathBuf {
    std::env::var_os("PORTAL_STACK").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/dev/stack.json"),
        PathBuf::from,
    )
}

impl Stack {
    /// The stack that `PORTAL_STACK` names, or else the one that `cargo xtask dev` left running.
    pub fn get() -> &'static Self {
        static STACK: OnceLock<Stack> = OnceLock::new();
        STACK.get_or_init(|| Self::read(&file()))
    }

    /// The stack that a file describes.
    pub fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| {
            panic!(
                "{}: {error}. Start a stack with `cargo xtask dev --detach`, or run `cargo xtask test`.",
                file.display()
            )
        });
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    /// S3 as the functions see it.
    pub async fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.aws().await)
            .force_path_style(true)
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// The AWS SDK's configuration as the functions' environment gives it.
    pub async fn aws(&self) -> aws_config::SdkConfig {
        let variable = |name: &str| {
            self.environment
                .get(name)
                .unwrap_or_else(|| panic!("no {name} in stack.json"))
                .clone()
        };
        let credentials = aws_sdk_secretsmanager::config::Credentials::new(
            variable("AWS_ACCESS_KEY_ID"),
            variable("AWS_SECRET_ACCESS_KEY"),
            None,
            None,
            "stack.json",
        );
        portal_data::aws::loader()
            .endpoint_url(&self.aws_endpoint)
            .region(aws_config::Region::new(variable("AWS_REGION")))
            .credentials_provider(credentials)
            .load()
            .await
    }

    /// Secrets Manager as the functions see it.
    pub async fn secrets(&self) -> portal_data::Secrets {
        portal_data::Secrets::with_client(aws_sdk_secretsmanager::Client::new(&self.aws().await))
    }

    /// The account of the demo set that is there for a role.
    pub fn account(&self, role: &str) -> &Account {
        self.accounts
            .iter()
            .find(|account| account.roles.last().is_some_and(|last| last == role))
            .unwrap_or_else(|| panic!("stack.json has no account for the role {role}"))
    }

    /// A role's addresses.
    pub fn role(&self, role: &str) -> &Urls {
        self.databases
            .get(role)
            .unwrap_or_else(|| panic!("stack.json knows no role {role}"))
    }
}
