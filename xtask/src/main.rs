//! What people run: `cargo xtask dev`, `import`, `data`, `test` and the rest. See `cargo xtask --help`.

mod bench;
mod commands;
mod county_shapes;
mod data;
mod drills;
mod load;
mod outline;
mod progress;
mod shell;
mod stack;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Brings the portal up on this machine, feeds it and tests it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the whole portal on this machine (installs what is missing)
    Dev(commands::dev::Command),
    /// Stop everything that `dev` started
    Down(commands::down::Command),
    /// Put a licence file in the imports bucket and deliver its S3 event
    Import(commands::import::Command),
    /// Change the keys that tokens are signed with
    Keys(commands::keys::Command),
    /// Make a data set, repeatable from its seed
    Data(data::Command),
    /// Look whether the audit log is still what was sealed
    Audit(commands::audit::Command),
    /// Measure how fast it is, beside its bare SQL and the source design's
    Bench(bench::Command),
    /// Show that what is lost comes back, and how long that takes
    Drill(commands::drill::Command),
    /// Run everything that must pass: format, lints, licences, unit, database and black-box tests
    Test(commands::test::Command),
    /// Regenerate what is committed but made from code: query metadata and the OpenAPI document
    Bless(commands::bless::Command),
    /// Make the client in TypeScript from the OpenAPI document
    Client(commands::client::Command),
    /// Build the functions' packages for Lambda, and start each
    Package(commands::package::Command),
    /// Take the map page's library and the outlines of state and counties anew from npm
    Assets(commands::assets::Command),
    /// Write or check the committed OpenAPI document
    Openapi(commands::openapi::Command),
    /// Run a stack until told to stop (what `dev --detach` leaves behind)
    #[command(hide = true)]
    Supervise(commands::supervise::Command),
}

/// One thread: children are tied to the life of the thread that started them (see `stack::supervisor`).
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Dev(command) => command.run().await,
        Command::Down(command) => command.run().await,
        Command::Import(command) => command.run().await,
        Command::Keys(command) => command.run().await,
        Command::Data(command) => command.run().await,
        Command::Audit(command) => command.run().await,
        Command::Bench(command) => command.run().await,
        Command::Drill(command) => command.run().await,
        Command::Test(command) => command.run().await,
        Command::Bless(command) => command.run().await,
        Command::Client(command) => command.run().await,
        Command::Package(command) => command.run().await,
        Command::Assets(command) => command.run().await,
        Command::Openapi(command) => command.run().await,
        Command::Supervise(command) => command.run().await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
