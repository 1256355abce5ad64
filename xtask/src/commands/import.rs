//! `import`: a licence file goes the way it goes in AWS, through the bucket and its event.

use super::upload;
use crate::progress::seconds;
use crate::stack::layout::{Layout, Profile};
use crate::stack::state;
use anyhow::{Context, Result, bail};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use serde_json::Value;
use sqlx::{Connection, PgConnection};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a run may show no sign of life before it is given up.
const SILENCE: Duration = Duration::from_secs(120);

/// Which file, and whether for real.
#[derive(clap::Args)]
pub(crate) struct Command {
    /// The licence file, as the state publishes it
    file: PathBuf,
    /// Report what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Command {
    /// Imports the file into the stack of `dev`.
    pub(crate) async fn run(self) -> Result<()> {
        let layout = Layout::find(Profile::Dev).await?;
        let stack = state::read_stack(&layout)?;
        import(&stack, &self.file, self.dry_run).await
    }
}

/// Imports a file into a running stack (the content of its `stack.json`): shows progress and the summary; an error when
/// the run failed.
pub(crate) async fn import(stack: &Value, file: &Path, dry_run: bool) -> Result<()> {
    let started = Instant::now();
    let object = upload::put(stack, file, dry_run).await?;
    println!(
        "put s3://{}/{} ({})",
        object.bucket,
        object.key,
        seconds(started.elapsed())
    );
    let invocation = tokio::spawn(upload::deliver(stack.clone(), object.clone()));
    let owner = stack.pointer("/databases/owner/primary").and_then(Value::as_str);
    let mut database = PgConnection::connect(owner.context("stack.json holds no database address")?)
        .await
        .context("cannot reach the stack's database")?;
    let run = follow(&mut database, &object, invocation).await?;
    print_summary(&object, &run);
    if text(&run, "state") == "FAILED" {
        bail!("the import failed: {}", text(&run, "error"));
    }
    Ok(())
}

type Invocation = tokio::task::JoinHandle<Result<()>>;

/// Shows the run's progress until it ends.
async fn follow(
    database: &mut PgConnection,
    object: &upload::Object,
    mut invocation: Invocation,
) -> Result<Value> {
    let bar = progress_bar(object.size);
    let mut last = (Value::Null, Instant::now());
    let mut answer = None;
    loop {
        let run = find_run(database, object).await?;
        if let Some(run) = &run {
            show(&bar, run);
            if ["COMPLETED", "FAILED", "UNDONE"].contains(&text(run, "state")) {
                bar.finish_and_clear();
                return Ok(run.clone());
            }
            if *run != last.0 {
                last = (run.clone(), Instant::now());
            }
        }
        // Looked at after the table: a function that fails says why there.
        match answer {
            Some(Err(error)) => return Err(error),
            Some(Ok(())) if run.is_none() => {
                bail!("contractor-import answered, but began no run; see its log")
            }
            Some(Ok(())) if last.1.elapsed() > SILENCE => {
                bail!(
                    "the run shows no sign of life; see the log of contractor-import, and import the file again"
                )
            }
            _ => {}
        }
        tokio::select! {
            result = &mut invocation, if answer.is_none() => {
                answer = Some(result.context("the delivery of the event broke off")?);
                last.1 = Instant::now();
            }
            () = tokio::time::sleep(Duration::from_millis(150)) => {}
        }
    }
}

/// The run that this object's event started, as the table has it now.
async fn find_run(database: &mut PgConnection, object: &upload::Object) -> Result<Option<Value>> {
    let statement = "SELECT to_jsonb(run) FROM import_runs AS run
        WHERE bucket = $1 AND object_key = $2 AND object_version = $3 ORDER BY created_at DESC LIMIT 1";
    let query = sqlx::query_scalar(statement)
        .bind(&object.bucket)
        .bind(&object.key)
        .bind(&object.version);
    query
        .fetch_optional(database)
        .await
        .context("cannot read import_runs; has the schema been migrated?")
}

fn progress_bar(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    let template = "{msg:10} [{bar:40}] {bytes}/{total_bytes} {prefix} {elapsed}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

fn show(bar: &ProgressBar, run: &Value) {
    bar.set_message(text(run, "state").to_lowercase());
    bar.set_position(number(run, "byte_offset"));
    bar.set_prefix(format!("{} rows", HumanCount(number(run, "rows_read"))));
}

fn print_summary(object: &upload::Object, run: &Value) {
    let kind = if run.get("dry_run").and_then(Value::as_bool).unwrap_or_default() {
        " (dry run: nothing changed)"
    } else {
        ""
    };
    println!(
        "import {} {}{kind}",
        text(run, "id"),
        text(run, "state").to_lowercase()
    );
    println!(
        "  object    s3://{}/{} version {}",
        object.bucket, object.key, object.version
    );
    println!(
        "  format    {}, as of {}",
        text(run, "format"),
        text(run, "as_of")
    );
    let took = Duration::from_millis(number(run, "duration_ms"));
    println!(
        "  took      {} in {} invocation(s)",
        seconds(took),
        number(run, "invocations")
    );
    let counts = [
        "read",
        "inserted",
        "updated",
        "unchanged",
        "rejected",
        "removed",
        "restored",
    ];
    for name in counts {
        println!("  {name:9} {}", HumanCount(number(run, &format!("rows_{name}"))));
    }
    let refused = number(run, "removals_refused");
    if refused > 0 {
        println!("  refused   {} removals: the file looks cut", HumanCount(refused));
    }
    if let Some(warnings) = run
        .get("warnings")
        .and_then(Value::as_object)
        .filter(|warnings| !warnings.is_empty())
    {
        println!("  warnings");
        for (kind, count) in warnings {
            println!("    {kind:32} {}", HumanCount(count.as_u64().unwrap_or_default()));
        }
    }
    for note in run.get("notes").and_then(Value::as_array).into_iter().flatten() {
        println!("  note      {}", note.as_str().unwrap_or_default());
    }
    if number(run, "rows_rejected") > 0 {
        println!(
            "  rejects   s3://{}/{}.rejects.csv, and the table import_rejects",
            object.bucket, object.key
        );
    }
}

fn text<'a>(run: &'a Value, name: &str) -> &'a str {
    run.get(name).and_then(Value::as_str).unwrap_or("-")
}

fn number(run: &Value, name: &str) -> u64 {
    run.get(name).and_then(Value::as_u64).unwrap_or_default()
}
