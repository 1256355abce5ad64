//! What must not be lost: it survives the stack, it is encrypted, and it is seen by nobody else.

use serde_json::{Value, json};

use crate::template::{Template, text};

/// Kinds of resources whose loss is a loss, and what happens to them with the stack.
const KEPT: [(&str, &str); 6] = [
    ("AWS::KMS::Key", "Retain"),
    ("AWS::Logs::LogGroup", "Retain"),
    ("AWS::RDS::DBCluster", "Snapshot"),
    ("AWS::S3::Bucket", "Retain"),
    ("AWS::SQS::Queue", "Retain"),
    ("AWS::SecretsManager::Secret", "Retain"),
];

#[test]
fn what_holds_data_survives_the_stack() {
    let template = Template::get();
    for (kind, policy) in KEPT {
        let mut count = 0;
        for (id, _) in template.of_type(kind) {
            let resource = &template.resources[id];
            assert_eq!(resource["DeletionPolicy"], policy, "{id}");
            assert_eq!(resource["UpdateReplacePolicy"], policy, "{id}");
            count += 1;
        }
        assert!(count > 0, "{kind}");
    }
}

/// In production nobody deletes the database by mistake, and every moment of the last five weeks can be had back.
#[test]
fn the_database_is_protected_in_production() {
    let template = Template::get();
    let database = template.properties("Database");
    assert_eq!(
        database["DeletionProtection"],
        json!({ "Fn::If": ["IsProduction", true, false] })
    );
    assert_eq!(database["StorageEncrypted"], true);
    assert_eq!(
        text(&database["BackupRetentionPeriod"]),
        "${Stages/${Stage}/RecoveryDays}"
    );
    let production = &template.written["Mappings"]["Stages"]["production"];
    assert_eq!(production["RecoveryDays"], 35);
    let version = database["EngineVersion"].as_str().unwrap();
    assert!(version.starts_with("15."), "{version}");
    let parameters = &template.properties("DatabaseParameters")["Parameters"];
    for (name, value) in [
        ("rds.force_ssl", "1"),
        ("password_encryption", "scram-sha-256"),
        ("log_parameter_max_length", "0"),
        ("log_statement", "none"),
        ("max_connections", "200"),
    ] {
        assert_eq!(parameters[name], value, "{name}");
    }
    let instances: Vec<_> = template.of_type("AWS::RDS::DBInstance").collect();
    assert_eq!(instances.len(), 2, "a writer and a reader");
    assert!(
        instances
            .iter()
            .all(|(_, instance)| instance["PubliclyAccessible"] == false)
    );
}

fn buckets() -> Vec<(&'static str, &'static Value)> {
    Template::get().of_type("AWS::S3::Bucket").collect()
}

#[test]
fn buckets_are_private_encrypted_and_keep_versions() {
    for (id, bucket) in buckets() {
        // What is gone after a day has no past.
        if id != "ExportsBucket" {
            assert_eq!(bucket["VersioningConfiguration"]["Status"], "Enabled", "{id}");
        }
        let blocked = bucket["PublicAccessBlockConfiguration"].as_object().unwrap();
        assert!(
            blocked.len() == 4 && blocked.values().all(|blocked| *blocked == true),
            "{id}"
        );
        let rule = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
        let encryption = &rule["ServerSideEncryptionByDefault"];
        assert_eq!(encryption["SSEAlgorithm"], "aws:kms", "{id}");
        assert_eq!(text(&encryption["KMSMasterKeyID"]), "${DataKey.Arn}", "{id}");
        let statement = &Template::get().properties(&format!("{id}Policy"))["PolicyDocument"]["Statement"][0];
        assert_eq!(
            (&statement["Effect"], &statement["Condition"]),
            (
                &json!("Deny"),
                &json!({ "Bool": { "aws:SecureTransport": false } })
            ),
            "{id}"
        );
    }
}

/// An upload that nobody finished costs money and is seen by nobody.
#[test]
fn buckets_give_up_unfinished_uploads() {
    for (id, bucket) in buckets() {
        let rules = bucket["LifecycleConfiguration"]["Rules"].as_array().unwrap();
        let gives_up = rules
            .iter()
            .any(|rule| rule.get("AbortIncompleteMultipartUpload").is_some());
        assert!(gives_up, "{id}");
    }
}

/// Seals and archives cannot be changed by anybody; dumps must be deletable, or what is past its time stays for ever.
#[test]
fn a_lock_holds_the_records_and_nothing_else() {
    for (id, bucket) in buckets() {
        let lock = bucket.get("ObjectLockConfiguration");
        if id == "RecordsBucket" {
            let retention = &lock.unwrap()["Rule"]["DefaultRetention"];
            assert_eq!(retention["Mode"], "COMPLIANCE");
            assert_eq!(bucket["ObjectLockEnabled"], true);
        } else {
            assert!(lock.is_none(), "{id}");
        }
    }
    let bucket = |function: &str| {
        let functions = Template::get().functions();
        let function = functions
            .iter()
            .find(|candidate| candidate.name == function)
            .unwrap();
        function.variables()["PORTAL_BACKUPS_BUCKET"].clone()
    };
    let records = text(&Template::get().properties("RecordsBucket")["BucketName"]);
    let backups = text(&Template::get().properties("BackupsBucket")["BucketName"]);
    assert_eq!(
        (bucket("maintenance"), bucket("partitions"), bucket("backup")),
        (records.clone(), records, backups)
    );
}

#[test]
fn logs_end_one_day() {
    for (id, group) in Template::get().of_type("AWS::Logs::LogGroup") {
        assert!(group["RetentionInDays"].is_object(), "{id}");
    }
}
