//! `cargo lambda watch`: API Gateway, and the Lambda service that functions poll. It starts no function itself.

use super::account::Account;
use super::layout::Layout;
use super::ports::Ports;
use super::supervisor::Spec;
use super::{install, state};
use rustix::process::Signal;

/// The gateway's process. The routes stand in the workspace's `Cargo.toml`.
pub(crate) fn spec(layout: &Layout, ports: &Ports) -> Spec {
    let mut arguments: Vec<String> = ["lambda", "watch", "--ignore-changes", "--only-lambda-apis"]
        .map(String::from)
        .into();
    // Answers about CORS are the functions' own, as behind an API Gateway without a CORS configuration.
    arguments.extend(["--disable-cors", "--invoke-address", "127.0.0.1", "--invoke-port"].map(String::from));
    arguments.push(ports.gateway.to_string());
    arguments.push("--manifest-path".to_owned());
    arguments.push(layout.root.join("Cargo.toml").to_string_lossy().into_owned());
    Spec {
        name: "gateway".to_owned(),
        program: install::tool(layout, "cargo-lambda"),
        arguments,
        environment: None,
        account: Account::Caller,
        stop: Signal::TERM,
        log: state::log_file(&layout.logs(), "gateway"),
        follow_program: false,
        exits: None,
    }
}

/// Where the API is served.
pub(crate) fn api_url(ports: &Ports) -> String {
    format!("http://127.0.0.1:{}", ports.gateway)
}

/// Where functions are invoked: `<this>/<function>/invocations`.
pub(crate) fn invocations_url(ports: &Ports) -> String {
    format!("http://127.0.0.1:{}/2015-03-31/functions", ports.gateway)
}
