//! What roles may do, as single permissions.

use serde_json::{Value, json};

use crate::template::{Template, list};

/// One action on one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    pub action: String,
    pub resource: String,
    /// Under which condition; null without one.
    pub condition: Value,
}

/// What a role's own policies allow. They must not do anything but allow.
pub fn grants(role: &str) -> Vec<Grant> {
    let policies = Template::get().properties(role)["Policies"].as_array();
    let policies = policies.into_iter().flatten();
    let statements = policies.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap());
    let mut grants = Vec::new();
    for statement in statements {
        assert_eq!(statement["Effect"], "Allow", "{role}");
        for action in list(&statement["Action"]) {
            let resources = list(&statement["Resource"]).into_iter();
            grants.extend(resources.map(|resource| Grant {
                action: action.clone(),
                resource,
                condition: statement["Condition"].clone(),
            }));
        }
    }
    grants
}

#[test]
fn no_role_may_do_anything_to_everything() {
    let template = Template::get();
    for (role, _) in template.of_type("AWS::IAM::Role") {
        for grant in grants(role) {
            assert!(!grant.action.contains('*'), "{role}: {grant:?}");
            assert_ne!(grant.resource, "*", "{role}: {grant:?}");
        }
    }
}

#[test]
fn functions_share_tracing_and_interfaces_and_no_other_policy() {
    let template = Template::get();
    for function in template.functions() {
        let mut shared = vec!["${TracingPolicy}".to_owned()];
        if function.properties.get("VpcConfig").is_some() {
            shared.push("${NetworkPolicy}".to_owned());
        }
        let managed = &template.properties(&function.role())["ManagedPolicyArns"];
        assert_eq!(list(managed), shared, "{}", function.name);
    }
    let statements = |policy: &str| template.properties(policy)["PolicyDocument"]["Statement"].clone();
    assert_eq!(
        statements("TracingPolicy"),
        json!([{
            "Effect": "Allow",
            "Action": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
            "Resource": "*",
        }])
    );
    let network = statements("NetworkPolicy");
    let actions = list(&network[0]["Action"]);
    assert!(
        actions.iter().all(|action| action.starts_with("ec2:")),
        "{actions:?}"
    );
    // What runs in a function may do none of it.
    assert_eq!(
        (
            &network[1]["Effect"],
            &network[1]["Action"],
            &network[1]["Resource"]
        ),
        (&json!("Deny"), &json!("ec2:*"), &json!("*"))
    );
}

/// Only AWS itself may take a role, and schedules only in the name of this account.
#[test]
fn roles_are_taken_by_one_service_each() {
    let template = Template::get();
    for (id, role) in template.of_type("AWS::IAM::Role") {
        let statements = role["AssumeRolePolicyDocument"]["Statement"].as_array().unwrap();
        assert_eq!(statements.len(), 1, "{id}");
        let service = statements[0]["Principal"]["Service"].as_str().unwrap();
        assert!(service.ends_with(".amazonaws.com"), "{id}: {service}");
        if service.starts_with("scheduler.") {
            assert!(
                statements[0]["Condition"]["StringEquals"]["aws:SourceAccount"].is_object(),
                "{id}"
            );
        }
    }
    for function in template.functions() {
        let role = template.properties(&function.role());
        let service = &role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"];
        assert_eq!(service, "lambda.amazonaws.com", "{}", function.name);
    }
}

/// The proxy knows the logins of those who come through it, and of nobody else.
#[test]
fn the_proxy_reads_the_logins_that_it_passes_on() {
    let template = Template::get();
    let auth = template.properties("Proxy")["Auth"].as_array().unwrap();
    let mut passed_on: Vec<_> = auth.iter().flat_map(|auth| list(&auth["SecretArn"])).collect();
    for auth in auth {
        assert_eq!(auth["ClientPasswordAuthType"], "POSTGRES_SCRAM_SHA_256");
    }
    assert_eq!(template.properties("Proxy")["RequireTLS"], true);
    let mut read: Vec<_> = grants("ProxyRole")
        .into_iter()
        .filter(|grant| grant.action == "secretsmanager:GetSecretValue")
        .map(|grant| grant.resource)
        .collect();
    let through = "${Proxy.Endpoint}:5432".to_owned();
    let come = template.functions().into_iter().filter(|function| {
        let writer = function.variables().get("PORTAL_DATABASE_WRITER").cloned();
        writer == Some(through.clone())
    });
    let mut come: Vec<_> = come
        .map(|function| function.variables()["PORTAL_DATABASE_SECRET"].clone())
        .collect();
    for logins in [&mut passed_on, &mut read, &mut come] {
        logins.sort();
        logins.dedup();
    }
    assert_eq!((&passed_on, &read), (&come, &come));
}

/// Every login is rotated, with the function that can.
#[test]
fn every_login_is_rotated() {
    let template = Template::get();
    let rotations = template.of_type("AWS::SecretsManager::RotationSchedule");
    let mut rotated: Vec<_> = rotations
        .flat_map(|(_, rotation)| list(&rotation["SecretId"]))
        .collect();
    rotated.sort();
    let mut logins: Vec<_> = template
        .logins()
        .iter()
        .map(|login| format!("${{{login}}}"))
        .collect();
    logins.sort();
    assert_eq!(rotated, logins);
    assert_eq!(template.properties("Database")["ManageMasterUserPassword"], true);
}
