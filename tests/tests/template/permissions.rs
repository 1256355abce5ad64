//! Permissions: a role may do what its function's program calls, on what its function is told of, and nothing more.

use std::collections::BTreeSet;

use crate::program::Program;
use crate::roles::{Grant, grants};
use crate::template::{Function, Template, list, text};

/// What each operation of AWS that our code calls takes.
fn actions(crate_name: &str, operation: &str) -> &'static [&'static str] {
    match (crate_name, operation) {
        ("aws_sdk_lambda", "invoke") => &["lambda:InvokeFunction"],
        // Files are erased version by version: `s3:DeleteObject` would leave marks instead.
        ("aws_sdk_s3", "delete_object") => &["s3:DeleteObjectVersion"],
        ("aws_sdk_s3", "get_object") => &["s3:GetObject"],
        // Without the right to list, S3 says of an object that is not there that it is forbidden.
        ("aws_sdk_s3", "head_object") => &["s3:GetObject", "s3:ListBucket"],
        ("aws_sdk_s3", "list_object_versions") => &["s3:ListBucketVersions"],
        ("aws_sdk_s3", "list_objects_v2") => &["s3:ListBucket"],
        ("aws_sdk_s3", "list_multipart_uploads") => &["s3:ListBucketMultipartUploads"],
        ("aws_sdk_s3", "abort_multipart_upload") => &["s3:AbortMultipartUpload"],
        (
            "aws_sdk_s3",
            "complete_multipart_upload" | "create_multipart_upload" | "put_object" | "upload_part",
        ) => &["s3:PutObject"],
        ("aws_sdk_secretsmanager", "get_secret_value") => &["secretsmanager:GetSecretValue"],
        ("aws_sdk_sesv2", "send_email") => &["ses:SendEmail"],
        ("aws_sdk_sns", "publish") => &["sns:Publish"],
        (crate_name, operation) => {
            panic!(
                "{crate_name} {operation} is called: say in tests/tests/template/permissions.rs what it takes"
            )
        }
    }
}

/// Everything that a function must be allowed.
fn needed(function: &Function) -> BTreeSet<String> {
    let operations = Program::of(&function.name).operations();
    let called = operations
        .iter()
        .flat_map(|(name, operation)| actions(name, operation));
    let mut needed: BTreeSet<String> = called.map(ToString::to_string).collect();
    // Every program links the client for secrets; who is told of none asks for none.
    if secrets(function).is_empty() {
        needed.remove("secretsmanager:GetSecretValue");
    }
    // Events of S3 name the version that was written.
    if function.triggering_bucket().is_some() {
        needed.insert("s3:GetObjectVersion".to_owned());
    }
    needed.extend(["logs:CreateLogStream", "logs:PutLogEvents"].map(str::to_owned));
    if has_dead_letters(function) {
        needed.insert("sqs:SendMessage".to_owned());
    }
    let opens = [
        "s3:GetObject",
        "secretsmanager:GetSecretValue",
        "sns:Publish",
        "s3:AbortMultipartUpload",
    ];
    if opens.iter().any(|action| needed.contains(*action)) {
        needed.insert("kms:Decrypt".to_owned());
    }
    let seals = ["s3:PutObject", "sns:Publish"];
    if seals.iter().any(|action| needed.contains(*action)) {
        needed.insert("kms:GenerateDataKey".to_owned());
    }
    needed
}

fn has_dead_letters(function: &Function) -> bool {
    let template = Template::get();
    let mut configs = template.of_type("AWS::Lambda::EventInvokeConfig");
    configs.any(|(_, config)| text(&config["FunctionName"]) == format!("${{{}}}", function.id))
}

/// The secrets that its variables name.
fn secrets(function: &Function) -> BTreeSet<String> {
    let variables = function.variables();
    let named = variables.iter().filter(|(name, _)| name.ends_with("_SECRET"));
    let mut secrets: BTreeSet<_> = named.map(|(_, secret)| secret.clone()).collect();
    if let Some(prefix) = variables.get("PORTAL_ROLE_SECRETS_PREFIX") {
        let template = Template::get();
        let logins = template.logins().into_iter();
        let named = logins.filter(|login| text(&template.properties(login)["Name"]).starts_with(prefix));
        secrets.extend(named.map(|login| format!("${{{login}}}")));
    }
    secrets
}

/// The buckets that it works with, by their names in AWS.
fn buckets(function: &Function) -> BTreeSet<String> {
    let variables = function.variables();
    let named = variables.iter().filter(|(name, _)| name.ends_with("_BUCKET"));
    let mut buckets: BTreeSet<_> = named.map(|(_, bucket)| bucket.clone()).collect();
    if let Some(bucket) = function.triggering_bucket() {
        buckets.insert(text(&Template::get().properties(&bucket)["BucketName"]));
    }
    buckets
}

#[test]
fn a_role_may_do_what_its_program_calls_and_nothing_else() {
    let mut faults = Vec::new();
    for function in Template::get().functions() {
        let grants = grants(&function.role());
        let allowed: BTreeSet<_> = grants.iter().map(|grant| grant.action.clone()).collect();
        let needed = needed(&function);
        let missing = needed.difference(&allowed);
        faults
            .extend(missing.map(|action| format!("{}: {action} is called, and not allowed", function.name)));
        let superfluous = allowed.difference(&needed);
        faults.extend(
            superfluous.map(|action| format!("{}: {action} is allowed, and never called", function.name)),
        );
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_role_reaches_what_its_function_is_told_of_and_nothing_else() {
    let mut faults = Vec::new();
    for function in Template::get().functions() {
        let grants = grants(&function.role());
        let reached: BTreeSet<_> = grants
            .iter()
            .filter(|grant| grant.action == "secretsmanager:GetSecretValue")
            .map(|grant| grant.resource.clone())
            .collect();
        let secrets = secrets(&function);
        if reached != secrets {
            faults.push(format!(
                "{}: reaches {reached:?}, is told of {secrets:?}",
                function.name
            ));
        }
        let strays = grants.iter().filter(|grant| !is_its_own(&function, grant));
        faults.extend(strays.map(|grant| format!("{}: {grant:?} is not its own", function.name)));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Whether a permission is about something that the function is told of.
fn is_its_own(function: &Function, grant: &Grant) -> bool {
    let resource = grant.resource.as_str();
    let (service, action) = grant.action.split_once(':').unwrap();
    let told = |name: &str| {
        function
            .variables()
            .get(name)
            .is_some_and(|value| value == resource)
    };
    match service {
        "logs" => {
            let group = text(&function.properties["LoggingConfig"]["LogGroup"]);
            resource == group.replace('}', ".Arn}")
        }
        "secretsmanager" => resource != "*",
        "s3" => {
            let path = resource
                .strip_prefix("arn:${AWS::Partition}:s3:::")
                .unwrap_or_default();
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            // A permission on the bucket with the ARN of objects would allow nothing, and the other way round.
            buckets(function).contains(bucket) && key.is_empty() == action.starts_with("List")
        }
        "lambda" => {
            let own = text(&function.properties["FunctionName"]);
            let told = function.variables().get("PORTAL_IMPORT_FUNCTION").cloned();
            resource.ends_with(&format!(":function:{}", told.unwrap_or(own)))
        }
        "sqs" => resource == "${DeadLetters.Arn}",
        "sns" => told("PORTAL_ALERTS_TOPIC"),
        "ses" => {
            resource.ends_with(":identity/${MailDomain}")
                || resource.ends_with(":configuration-set/${MailSettings}")
        }
        "kms" => resource == "${DataKey.Arn}" && grant.condition["StringEquals"]["kms:ViaService"].is_array(),
        _ => false,
    }
}

/// Through a service whose data a function has no part in, the key opens nothing for it.
#[test]
fn the_key_opens_only_through_the_services_that_a_function_uses() {
    for function in Template::get().functions() {
        let grants = grants(&function.role());
        let uses = |service: &str| {
            grants
                .iter()
                .any(|grant| grant.action.starts_with(&format!("{service}:")))
        };
        let used: BTreeSet<_> = ["s3", "secretsmanager", "sns"]
            .into_iter()
            .filter(|service| uses(service))
            .map(|service| format!("{service}.${{AWS::Region}}.amazonaws.com"))
            .collect();
        let keys = grants.iter().filter(|grant| grant.action.starts_with("kms:"));
        for grant in keys {
            let through: BTreeSet<_> = list(&grant.condition["StringEquals"]["kms:ViaService"])
                .into_iter()
                .collect();
            assert_eq!(through, used, "{}", function.name);
        }
    }
}

/// The same program with the same permissions, but for what Lambda does around a function.
#[test]
fn the_task_of_backups_may_do_what_the_function_may() {
    let of_lambda = |grant: &Grant| grant.action.starts_with("logs:") || grant.action.starts_with("sqs:");
    let mut function = grants("BackupRole");
    function.retain(|grant| !of_lambda(grant));
    assert_eq!(grants("BackupTaskRole"), function);
}
