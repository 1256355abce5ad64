//! The template, as it is written and as SAM hands it to CloudFormation.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Map, Value};

/// The workspace's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The template.
pub struct Template {
    /// With everything that SAM makes of it.
    pub resources: Map<String, Value>,
    /// As it is written.
    pub written: Value,
}

/// A function of ours.
#[derive(Clone)]
pub struct Function {
    /// Its name in `functions/`.
    pub name: String,
    /// Its name in the template.
    pub id: String,
    /// What CloudFormation is told of it.
    pub properties: Value,
}

impl Template {
    /// Reads it, once. SAM's own transform says what comes of it, so that what SAM would refuse at a deployment fails here.
    pub fn get() -> &'static Self {
        static TEMPLATE: OnceLock<Template> = OnceLock::new();
        TEMPLATE.get_or_init(|| {
            let python =
                std::env::var("PORTAL_DEPLOY_PYTHON").expect("cargo xtask test names the interpreter");
            let output = Command::new(python)
                .arg(root().join("xtask/expand_template.py"))
                .arg(root().join("template.yaml"))
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            let mut both: Value = serde_json::from_slice(&output.stdout).unwrap();
            let resources = both["expanded"]["Resources"].take();
            Self {
                resources: serde_json::from_value(resources).unwrap(),
                written: both["written"].take(),
            }
        })
    }

    /// The resources of a type, by name.
    pub fn of_type<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let resources = self.resources.iter();
        resources
            .filter(move |(_, resource)| resource["Type"] == kind)
            .map(|(id, resource)| (id.as_str(), &resource["Properties"]))
    }

    /// A resource's properties.
    pub fn properties(&self, id: &str) -> &Value {
        let resource = self.resources.get(id);
        &resource.unwrap_or_else(|| panic!("the template has no {id}"))["Properties"]
    }

    /// Our functions: those that are built from `functions/`.
    pub fn functions(&self) -> Vec<Function> {
        let functions = self.of_type("AWS::Lambda::Function");
        let ours = functions.filter_map(|(id, properties)| {
            let name = self.resources[id].pointer("/Metadata/BuildProperties/Binary")?;
            Some(Function {
                name: name.as_str().unwrap().to_owned(),
                id: id.to_owned(),
                properties: properties.clone(),
            })
        });
        ours.collect()
    }

    /// The secrets of the database's roles.
    pub fn logins(&self) -> Vec<&str> {
        let secrets = self.of_type("AWS::SecretsManager::Secret");
        let logins = secrets.filter(|(_, secret)| text(&secret["Name"]).contains("/database/"));
        logins.map(|(id, _)| id).collect()
    }
}

impl Function {
    /// Its variables; what is worked out at the deployment is in `${…}`.
    pub fn variables(&self) -> BTreeMap<String, String> {
        let variables = self.properties["Environment"]["Variables"].as_object();
        let variables = variables.into_iter().flatten();
        variables
            .map(|(name, value)| (name.clone(), text(value)))
            .collect()
    }

    /// The resource that it runs as.
    pub fn role(&self) -> String {
        let role = text(&self.properties["Role"]);
        let role = role
            .strip_prefix("${")
            .and_then(|role| role.strip_suffix(".Arn}"));
        role.unwrap_or_else(|| panic!("{} has no role of its own", self.name))
            .to_owned()
    }

    /// Whether the API's routes lead to it.
    pub fn answers_requests(&self) -> bool {
        Template::get().written["Resources"][&self.id]["Properties"]["Events"]
            .as_object()
            .is_some_and(|events| events.values().any(|event| event["Type"] == "HttpApi"))
    }

    /// The bucket whose objects start it.
    pub fn triggering_bucket(&self) -> Option<String> {
        let events = Template::get().written["Resources"][&self.id]["Properties"]["Events"].as_object()?;
        let event = events.values().find(|event| event["Type"] == "S3")?;
        Some(event["Properties"]["Bucket"]["Ref"].as_str().unwrap().to_owned())
    }
}

/// A value as text, with what CloudFormation fills in as `${…}`: `!Ref A`, `!GetAtt A.B` and `!Sub "${A}"` become alike.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(bool) => bool.to_string(),
        Value::Object(function) => {
            let (name, argument) = function.iter().next().unwrap();
            match name.as_str() {
                "Ref" => format!("${{{}}}", argument.as_str().unwrap()),
                "Fn::Sub" => argument.as_str().unwrap().to_owned(),
                "Fn::GetAtt" => format!("${{{}}}", list(argument).join(".")),
                "Fn::Join" => list(&argument[1]).join(argument[0].as_str().unwrap()),
                "Fn::FindInMap" => format!("${{{}}}", list(argument).join("/")),
                other => panic!("{other} is not expected here: {value}"),
            }
        }
        other => panic!("{other} is no text"),
    }
}

/// A list as texts; one text alone is a list of it.
pub fn list(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        one => vec![text(one)],
    }
}

/// The folders of `functions/`.
pub fn folders() -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("functions")).unwrap();
    let folders = entries.map(|entry| entry.unwrap());
    let crates = folders.filter(|entry| entry.path().join("Cargo.toml").exists());
    crates
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect()
}

#[test]
fn every_function_is_in_the_template_and_no_other() {
    let deployed: BTreeSet<_> = Template::get()
        .functions()
        .into_iter()
        .map(|function| function.name)
        .collect();
    assert_eq!(deployed, folders());
}

#[test]
fn every_function_has_a_role_and_a_log_of_its_own() {
    let functions = Template::get().functions();
    let roles: BTreeSet<_> = functions.iter().map(Function::role).collect();
    let logs: BTreeSet<_> = functions
        .iter()
        .map(|function| text(&function.properties["LoggingConfig"]["LogGroup"]))
        .collect();
    assert_eq!((roles.len(), logs.len()), (functions.len(), functions.len()));
}
