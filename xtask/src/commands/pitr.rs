//! `drill pitr`: a server is copied, written to, destroyed with all its files, and recovered from the copy and the archive of its WAL to
//! the second between two rows.

use crate::progress::{seconds, step};
use crate::shell;
use crate::stack::account::Account;
use crate::stack::install;
use crate::stack::layout::{Layout, Profile};
use crate::stack::lock::Lock;
use crate::stack::postgres::{self, DATABASE, REPLICATION};
use crate::stack::scratch::Server;
use crate::stack::state::{Registry, end_leftovers};
use crate::stack::supervisor::Supervisor;
use anyhow::{Context, Result, bail, ensure};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Executor};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Rows before the moment that is recovered to, and behind it.
const ROWS: i32 = 200;

/// The WAL goes to the archive at least so often; what is younger may be lost with the server.
const ARCHIVE_SECONDS: u32 = 5;

const PATIENCE: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(50);

/// What was written, and when.
struct Written {
    /// The moment between the last row before and the first row after, as PostgreSQL reads it.
    target: String,
    /// How long it took until the last row was in the archive: had the server died before, it would be lost.
    archived_in: Duration,
}

/// Runs the drill on a cluster of its own, below `target/drill`, and deletes it.
pub(crate) async fn run() -> Result<()> {
    install::packages().await?;
    let layout = Layout::find(Profile::Drill).await?;
    layout.create()?;
    let Some(_lock) = Lock::take(&layout)? else {
        bail!("another drill is at work; wait for it");
    };
    end_leftovers(&layout)?;
    layout.empty()?;
    let mut supervisor = Supervisor::new(Arc::new(Registry::new(&layout)));
    let result = drill(&layout, &mut supervisor).await;
    supervisor.stop_all().await;
    result?;
    layout.empty()
}

async fn drill(layout: &Layout, supervisor: &mut Supervisor) -> Result<()> {
    let archive = layout.databases.join("archive");
    std::fs::create_dir_all(&archive)?;
    Account::detect().own(&archive)?;
    let server = step(
        "a server that archives its WAL, migrated",
        Server::start(layout, supervisor, &archiving(&archive)),
    )
    .await?;
    let copied = Instant::now();
    let copy = step(
        "a base backup (pg_basebackup), verified",
        base_backup(layout, &server),
    )
    .await?;
    let copied = copied.elapsed();
    let written = step("rows, a moment, and more rows", write(&server)).await?;

    let destroyed = Instant::now();
    step(
        "the server killed, and its files deleted",
        destroy(layout, supervisor),
    )
    .await?;
    let recovery = recover(layout, supervisor, &server, (&copy, &archive), &written.target);
    step("recovery to that moment", recovery).await?;
    let recovered = destroyed.elapsed();
    let [before, after] = step("the rows counted", count(&server)).await?;

    println!();
    println!("base backup                {}", seconds(copied));
    println!("recovered to               {}", written.target);
    println!("rows before that moment    {before} of {ROWS}");
    println!("rows behind it             {after} of {ROWS}");
    println!(
        "RPO                        {}: so long the last row took to the archive (at most {ARCHIVE_SECONDS} s and the copying)",
        seconds(written.archived_in)
    );
    println!(
        "RTO                        {}: from the loss of all files to a server that takes writes",
        seconds(recovered)
    );
    ensure!(
        before == i64::from(ROWS),
        "a row from before the moment is missing"
    );
    ensure!(after == 0, "a row from behind the moment is there");
    Ok(())
}

/// The settings of a server that archives. Nothing is written over that is in the archive already.
fn archiving(archive: &Path) -> String {
    let command = format!(
        "test ! -f \"{0}/%f\" && cp \"%p\" \"{0}/%f.partial\" && mv \"{0}/%f.partial\" \"{0}/%f\"",
        archive.display()
    );
    format!(
        "archive_mode = on\narchive_command = '{}'\narchive_timeout = {ARCHIVE_SECONDS}s\n",
        command.replace('\'', "''")
    )
}

/// Copies the cluster without its WAL, which is in the archive.
async fn base_backup(layout: &Layout, server: &Server) -> Result<PathBuf> {
    let copy = layout.databases.join("copy");
    let connection = format!(
        "host=127.0.0.1 port={} user={REPLICATION} sslmode=verify-full sslrootcert='{}'",
        server.ports.primary,
        server.certificates.servers_authority.display()
    );
    let mut command = Account::detect().command(postgres::program("pg_basebackup"));
    command
        .arg("--pgdata")
        .arg(&copy)
        .args(["--wal-method", "none", "--checkpoint", "fast", "--dbname"])
        .arg(connection)
        .env("PGPASSWORD", &server.secrets.replication);
    shell::capture(&mut command)
        .await
        .context("cannot copy the server")?;
    let mut verify = Account::detect().command(postgres::program("pg_verifybackup"));
    verify.arg("--no-parse-wal").arg(&copy);
    shell::capture(&mut verify)
        .await
        .context("the copy is not whole")?;
    Ok(copy)
}

/// Writes rows, notes the time, writes more, and waits until the last is in the archive.
async fn write(server: &Server) -> Result<Written> {
    let mut connection = connect(server, server.ports.primary).await?;
    rows(&mut connection, "before").await?;
    // Behind the commit of the last row, and before that of the next.
    let target: String = sqlx::query_scalar("SELECT clock_timestamp()::text")
        .fetch_one(&mut connection)
        .await?;
    rows(&mut connection, "after").await?;
    let segment: String = sqlx::query_scalar("SELECT pg_walfile_name(pg_current_wal_lsn())")
        .fetch_one(&mut connection)
        .await?;
    let written = Instant::now();
    loop {
        let archived: bool =
            sqlx::query_scalar("SELECT COALESCE(last_archived_wal >= $1, false) FROM pg_stat_archiver")
                .bind(&segment)
                .fetch_one(&mut connection)
                .await?;
        if archived {
            break;
        }
        ensure!(
            written.elapsed() < PATIENCE,
            "{segment} does not come to the archive"
        );
        tokio::time::sleep(LOOK).await;
    }
    let archived_in = written.elapsed();
    connection.close().await?;
    Ok(Written { target, archived_in })
}

/// Rows of the portal's own, each committed by itself.
async fn rows(connection: &mut PgConnection, job: &str) -> Result<()> {
    for _ in 0..ROWS {
        sqlx::query("INSERT INTO job_runs (id, job) VALUES (gen_random_uuid(), $1)")
            .bind(job)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// As a disk that is lost: the server has no time to write or archive anything, and nothing of its files is left.
async fn destroy(layout: &Layout, supervisor: &mut Supervisor) -> Result<()> {
    supervisor.stop_all().await;
    std::fs::remove_dir_all(layout.databases.join("primary")).context("cannot delete the server's files")
}

/// Makes a server of the copy, which reads the archive up to the moment and then takes writes.
async fn recover(
    layout: &Layout,
    supervisor: &mut Supervisor,
    server: &Server,
    (copy, archive): (&Path, &Path),
    target: &str,
) -> Result<()> {
    std::fs::rename(copy, layout.databases.join("recovered"))?;
    postgres::write_private(&layout.databases.join("recovered/recovery.signal"), "")?;
    let fetch = format!("cp \"{}/%f\" \"%p\"", archive.display());
    let more = format!(
        "restore_command = '{}'\nrecovery_target_time = '{target}'\nrecovery_target_action = 'promote'\n",
        fetch.replace('\'', "''")
    );
    let port = server.ports.replica;
    supervisor.start(postgres::spec(
        layout,
        &server.certificates,
        "recovered",
        port,
        &more,
    )?)?;
    let options = server.superuser(port);
    supervisor
        .wait_for("recovered", PATIENCE, || takes_writes(options.clone()))
        .await
}

async fn takes_writes(options: sqlx::postgres::PgConnectOptions) -> bool {
    let look = async {
        let mut connection = PgConnection::connect_with(&options).await?;
        let recovering: bool = sqlx::query_scalar("SELECT pg_is_in_recovery()")
            .fetch_one(&mut connection)
            .await?;
        connection.close().await?;
        Ok::<_, sqlx::Error>(!recovering)
    };
    look.await.unwrap_or(false)
}

/// How many rows of before and of after the moment the recovered server has; it must take another.
async fn count(server: &Server) -> Result<[i64; 2]> {
    let mut connection = connect(server, server.ports.replica).await?;
    let mut counted = [0; 2];
    for (count, job) in counted.iter_mut().zip(["before", "after"]) {
        *count = sqlx::query_scalar("SELECT count(*) FROM job_runs WHERE job = $1")
            .bind(job)
            .fetch_one(&mut connection)
            .await?;
    }
    connection
        .execute("INSERT INTO job_runs (id, job) VALUES (gen_random_uuid(), 'recovered')")
        .await
        .context("the recovered server takes no writes")?;
    connection.close().await?;
    Ok(counted)
}

async fn connect(server: &Server, port: u16) -> Result<PgConnection> {
    let options = server.superuser(port).database(DATABASE);
    PgConnection::connect_with(&options)
        .await
        .context("cannot log in to the server")
}
