//! Writes the OpenAPI document, or checks that the committed one is what the code says: `openapi write|check`.

use std::process::ExitCode;

use portal_tests::openapi;

fn main() -> ExitCode {
    let differences = openapi::differences();
    for difference in &differences {
        eprintln!("error: {difference}");
    }
    let path = openapi::path();
    let wanted = openapi::document();
    let outcome = match std::env::args().nth(1).as_deref() {
        Some("write") => std::fs::write(&path, wanted).map_err(|error| error.to_string()),
        Some("check") => match std::fs::read_to_string(&path) {
            Ok(committed) if committed == wanted => Ok(()),
            Ok(_) => Err("it is stale: run `cargo xtask bless`".to_owned()),
            Err(error) => Err(error.to_string()),
        },
        _ => Err("say `openapi write` or `openapi check`".to_owned()),
    };
    if let Err(reason) = &outcome {
        eprintln!("error: {}: {reason}", path.display());
    }
    if outcome.is_ok() && differences.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
