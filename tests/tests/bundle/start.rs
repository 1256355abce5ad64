//! Starting the stack of this test binary.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portal_tests::stack::Stack;

/// How long the stack may take to come up, and the one of an earlier run to stop.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks at a file.
const LOOK: Duration = Duration::from_millis(50);

/// A running stack, and the file that always holds its processes.
pub struct Private {
    pub stack: Stack,
    pub file: PathBuf,
}

/// The stack, which the first test starts and which stops with this process. When it does not come up, no test tries again.
pub fn private() -> &'static Private {
    static PRIVATE: OnceLock<Result<Private, String>> = OnceLock::new();
    let outcome = PRIVATE.get_or_init(start);
    outcome.as_ref().unwrap_or_else(|error| panic!("{error}"))
}

fn start() -> Result<Private, String> {
    let binaries = binaries();
    let target = binaries.parent().unwrap();
    let folder = target.join("crash");
    await_end_of_earlier(&folder.join("supervisor.lock"))?;
    let file = folder.join("stack.json");
    std::fs::remove_file(&file).ok();
    let log = target.join("crash.log");
    let ended = supervise(&binaries, &log)?;
    let began = Instant::now();
    while !file.exists() {
        match ended.recv_timeout(LOOK) {
            Err(RecvTimeoutError::Timeout) if began.elapsed() < PATIENCE => {}
            outcome => {
                let said = std::fs::read_to_string(&log).unwrap_or_default();
                return Err(format!("the stack did not come up ({outcome:?}): {said}"));
            }
        }
    }
    let stack = Stack::read(&file);
    Ok(Private { stack, file })
}

/// Where Cargo put this test's program, and so the functions' and `xtask`'s: one folder above `deps`.
fn binaries() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(2).unwrap().to_owned()
}

fn await_end_of_earlier(lock: &Path) -> Result<(), String> {
    let began = Instant::now();
    while lock.exists() && File::open(lock).unwrap().try_lock_shared().is_err() {
        if began.elapsed() > PATIENCE {
            return Err(format!(
                "{} is held: the stack of an earlier run does not stop",
                lock.display()
            ));
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}

/// Runs `xtask supervise` until this process ends, and tells when it ends before. `setpriv` has the kernel stop it together
/// with the thread that started it, however that ends; so that thread does nothing but wait.
fn supervise(binaries: &Path, log: &Path) -> Result<Receiver<std::io::Result<ExitStatus>>, String> {
    let program = binaries.join("xtask");
    if !program.exists() {
        return Err(format!(
            "{} is not there: run `cargo build --workspace --bins`",
            program.display()
        ));
    }
    let output = File::create(log).unwrap();
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig=TERM", "--"])
        .arg(program)
        .args(["supervise", "--profile", "crash"])
        .stdin(Stdio::null())
        .stdout(output.try_clone().unwrap())
        .stderr(output);
    if binaries.ends_with("release") {
        command.arg("--release");
    }
    let (sender, ended) = channel();
    std::thread::spawn(move || {
        let outcome = command.status();
        sender.send(outcome).ok();
    });
    Ok(ended)
}
