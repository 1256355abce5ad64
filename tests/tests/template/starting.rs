//! Each function starts with the variables that the template gives it, and with no others.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use uuid::Uuid;

use crate::program::Program;
use crate::template::{Function, Template};

/// How long one may take until it asks for its first event: calls of AWS that nobody answers are tried again meanwhile.
const PATIENCE: Duration = Duration::from_secs(120);

/// What stands for values that are worked out at the deployment. Nothing listens there.
const SAMPLES: [(&str, &str); 9] = [
    ("${Proxy.Endpoint}:5432", "127.0.0.1:9"),
    ("${ProxyReader.Endpoint}:5432", "127.0.0.1:9"),
    ("${Database.Endpoint.Address}:5432", "127.0.0.1:9"),
    ("${ApiDomain}", "api.example.org"),
    ("${CorsOrigins}", "https://portal.example.org"),
    ("${WebUrl}", "https://portal.example.org"),
    ("${MailFrom}", "NAMC NorCal <portal@example.org>"),
    ("${MailRate}", "14"),
    ("${BackupAgeHours}", "26"),
];

fn filled_in(value: &str) -> String {
    let samples = SAMPLES.iter();
    let value = samples.fold(value.to_owned(), |value, (name, sample)| {
        value.replace(name, sample)
    });
    // Names and ARNs of what is made at the deployment.
    value.replace("${", "").replace('}', "")
}

/// Starts its program with nothing else in its environment than what Lambda and the template put there.
fn start(function: &Function, runtime: &str, log: &File) -> Child {
    let mut command = Command::new(Program::of(&function.name).path());
    command
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", runtime)
        .env("AWS_LAMBDA_FUNCTION_NAME", &function.name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        .env("AWS_REGION", "us-west-2")
        .env("AWS_ACCESS_KEY_ID", "sample")
        .env("AWS_SECRET_ACCESS_KEY", "sample")
        // Nothing listens there either: no call leaves this machine.
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        .envs(
            function
                .variables()
                .into_iter()
                .map(|(name, value)| (name, filled_in(&value))),
        )
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log.try_clone().unwrap())
        .kill_on_drop(true);
    command.spawn().unwrap()
}

/// The first line that it sends to the runtime interface.
async fn first_request(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    while !request.contains(&b'\n') {
        let read = stream.read_buf(&mut request).await.unwrap();
        assert!(read > 0, "it hung up");
    }
    String::from_utf8_lossy(&request)
        .lines()
        .next()
        .unwrap()
        .to_owned()
}

async fn starts(function: Function) -> Result<(), String> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let path = std::env::temp_dir().join(format!("{}-{}.log", function.name, Uuid::now_v7()));
    let log = File::create(&path).unwrap();
    let mut child = start(&function, &listener.local_addr().unwrap().to_string(), &log);
    let outcome = tokio::select! {
        request = first_request(&listener) => match request.as_str() {
            "GET /2018-06-01/runtime/invocation/next HTTP/1.1" => Ok(()),
            other => Err(format!("asks for {other}")),
        },
        ended = child.wait() => Err(format!("ends with {}", ended.unwrap())),
        () = tokio::time::sleep(PATIENCE) => Err("does not ask for an event".to_owned()),
    };
    let said = std::fs::read_to_string(&path).unwrap_or_default();
    std::fs::remove_file(&path).ok();
    outcome.map_err(|fault| format!("{} {fault}: {said}", function.name))
}

#[tokio::test]
async fn every_function_starts_with_what_the_template_tells_it() {
    let functions = Template::get().functions();
    assert!(!functions.is_empty());
    let started: Vec<_> = functions
        .into_iter()
        .map(|function| tokio::spawn(starts(function)))
        .collect();
    let mut faults = Vec::new();
    for start in started {
        faults.extend(start.await.unwrap().err());
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Without its variables a function does not start: or else the test above would prove nothing.
#[tokio::test]
async fn a_function_does_not_start_without_its_variables() {
    let functions = Template::get().functions();
    let mut function = functions
        .into_iter()
        .find(|function| function.name == "search")
        .unwrap();
    let variables = function.properties["Environment"]["Variables"]
        .as_object_mut()
        .unwrap();
    variables.remove("PORTAL_SIGNING_SECRET").unwrap();
    let fault = starts(function).await.unwrap_err();
    assert!(fault.contains("PORTAL_SIGNING_SECRET"), "{fault}");
}
