//! How long a whole file takes, beside a bare COPY of the same file. Run alone, on the release profile:
//! `cargo test --release --test contractor_import -- --ignored --nocapture`.

use std::time::Instant;

use portal_tests::licence_files::{HEADER, many, master};

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of minutes, for a quiet machine"]
async fn a_quarter_of_a_million_rows() {
    let rows = many(250_000);
    let file = master(24, &rows);
    let mut world = World::create().await;
    let copied = bare_copy(&mut world, &file).await;
    let fresh = timed(&mut world, "fresh", file.clone()).await;
    let unchanged = timed(&mut world, "unchanged", file.replace("08/24/2026", "08/25/2026")).await;
    println!(
        "COPY {copied:.2} s, fresh {:.1} times, unchanged {:.1} times",
        fresh / copied,
        unchanged / copied
    );
    assert!(fresh <= 8.0 * copied && unchanged <= 3.0 * copied);
}

/// The best of three times that a COPY of the file into an unlogged table of texts takes, in seconds.
async fn bare_copy(world: &mut World, file: &str) -> f64 {
    let columns: Vec<String> = (0..HEADER.split(',').count())
        .map(|n| format!("c{n} text"))
        .collect();
    let mut best = f64::MAX;
    for _ in 0..3 {
        let create = format!(
            "DROP TABLE IF EXISTS bare; CREATE UNLOGGED TABLE bare ({})",
            columns.join(", ")
        );
        sqlx::raw_sql(&create).execute(&mut world.owner).await.unwrap();
        let began = Instant::now();
        let mut copy = world
            .owner
            .copy_in_raw("COPY bare FROM STDIN (FORMAT csv, HEADER)")
            .await
            .unwrap();
        for piece in file.as_bytes().chunks(64 << 10) {
            copy.send(piece).await.unwrap();
        }
        copy.finish().await.unwrap();
        best = best.min(began.elapsed().as_secs_f64());
    }
    best
}

async fn timed(world: &mut World, name: &str, file: String) -> f64 {
    let event = world.put(name, file).await;
    let began = Instant::now();
    let run = world.run_of(&event).await;
    let seconds = began.elapsed().as_secs_f64();
    println!("{name}: {seconds:.2} s, {}", run["rows"]);
    assert_eq!(run["state"], "COMPLETED", "{run}");
    seconds
}
