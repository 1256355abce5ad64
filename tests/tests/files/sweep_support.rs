//! A database and a bucket for one test of the sweep.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, VersioningConfiguration,
};
use files::{Files, Settings, Swept};
use portal_jobs::{Deadline, FileBucket, ObjectStore};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use portal_tests::stack::Stack;
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::support::sha256;

/// Where a sweep finds what it sweeps.
pub struct Yard {
    pub owner: PgConnection,
    pub member: Member,
    database: portal_data::Database,
    s3: aws_sdk_s3::Client,
    bucket: String,
    project: Uuid,
}

impl Yard {
    pub async fn new() -> Self {
        let database = TestDatabase::create().await;
        let mut owner = database.connect("owner").await;
        let member = Member::add(&mut owner, "manager", &[]).await;
        let project = crate::support::project(&mut owner, &member, "PUBLIC", "PUBLISHED").await;
        let s3 = Stack::get().s3().await;
        let bucket = format!("sweep-{}", Uuid::new_v4());
        let region = Stack::get().environment["AWS_REGION"].as_str();
        let place =
            CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(region));
        let request = s3
            .create_bucket()
            .bucket(&bucket)
            .create_bucket_configuration(place.build());
        request.send().await.unwrap();
        let keep = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::Enabled)
            .build();
        let request = s3
            .put_bucket_versioning()
            .bucket(&bucket)
            .versioning_configuration(keep);
        request.send().await.unwrap();
        Self {
            database: database.open("portal_jobs", false).await,
            owner,
            member,
            s3,
            bucket,
            project,
        }
    }

    /// Sweeps with these settings, as if it were so much later.
    pub async fn sweep(&self, settings: Settings, later: Duration) -> Swept {
        let bucket = FileBucket::new(ObjectStore::with_client(self.s3.clone()), self.bucket.clone());
        let files = Files::new(self.database.clone(), bucket, settings);
        let now = OffsetDateTime::now_utc() + later;
        let event = json!({ "action": "sweep" });
        let answer = files
            .serve(event, Uuid::now_v7(), now, Deadline::never())
            .await
            .unwrap();
        answer.swept.unwrap()
    }

    /// A file that announces this content, with its key.
    pub async fn announce(&mut self, content: &[u8]) -> String {
        let key = format!("projects/{}", Uuid::new_v4());
        sqlx::query(
            "INSERT INTO project_files (id, project_id, object_key, name, media_type, size_bytes, checksum_sha256, uploaded_by)
            VALUES (gen_random_uuid(), $1, $2, 'a.txt', 'text/plain', $3, $4, $5)",
        )
        .bind(self.project)
        .bind(&key)
        .bind(i64::try_from(content.len()).unwrap())
        .bind(sha256(content))
        .bind(self.member.id)
        .execute(&mut self.owner)
        .await
        .unwrap();
        key
    }

    /// Changes the row of a file.
    pub async fn set(&mut self, key: &str, change: &str) {
        sqlx::query(&format!(
            "UPDATE project_files SET {change} WHERE object_key = $1"
        ))
        .bind(key)
        .execute(&mut self.owner)
        .await
        .unwrap();
    }

    /// The state of a file; none without a row.
    pub async fn state(&mut self, key: &str) -> Option<String> {
        sqlx::query_scalar("SELECT state FROM project_files WHERE object_key = $1")
            .bind(key)
            .fetch_optional(&mut self.owner)
            .await
            .unwrap()
    }

    pub async fn put(&self, key: &str, content: &[u8]) {
        let request = self
            .s3
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type("text/plain");
        request
            .body(ByteStream::from(content.to_vec()))
            .send()
            .await
            .unwrap();
    }

    /// The keys of all versions of objects: what is erased leaves none behind, not even a mark.
    pub async fn keys(&self) -> Vec<String> {
        let list = self
            .s3
            .list_object_versions()
            .bucket(&self.bucket)
            .send()
            .await
            .unwrap();
        assert!(list.delete_markers().is_empty(), "{:?}", list.delete_markers());
        let keys = list
            .versions()
            .iter()
            .map(|version| version.key().unwrap().to_owned());
        keys.collect()
    }
}
