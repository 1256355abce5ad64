//! What the sweep finds again, what it takes away, and where it stops.

use files::{Settings, Swept};
use time::Duration;

use crate::sweep_support::Yard;

const NOW: Duration = Duration::ZERO;

#[tokio::test]
async fn an_upload_whose_event_was_lost_is_stored_once_its_address_has_lapsed() {
    let mut yard = Yard::new().await;
    let key = yard.announce(b"plan").await;
    yard.put(&key, b"plan").await;
    assert_eq!(
        yard.sweep(Settings::default(), NOW).await,
        Swept::default(),
        "its event may still come"
    );
    let swept = yard.sweep(Settings::default(), Duration::minutes(21)).await;
    assert_eq!(
        swept,
        Swept {
            stored: 1,
            ..Swept::default()
        }
    );
    assert_eq!(yard.state(&key).await.as_deref(), Some("STORED"));
    let addenda: i64 = sqlx::query_scalar("SELECT count(*) FROM addenda")
        .fetch_one(&mut yard.owner)
        .await
        .unwrap();
    assert_eq!(addenda, 1);
}

#[tokio::test]
async fn an_upload_that_never_came_is_forgotten_after_a_day() {
    let mut yard = Yard::new().await;
    let key = yard.announce(b"plan").await;
    let swept = yard.sweep(Settings::default(), Duration::hours(23)).await;
    assert_eq!(swept, Swept::default());
    assert_eq!(yard.state(&key).await.as_deref(), Some("PENDING"));
    let swept = yard.sweep(Settings::default(), Duration::hours(25)).await;
    assert_eq!(
        swept,
        Swept {
            never_came: 1,
            ..Swept::default()
        }
    );
    assert_eq!(yard.state(&key).await, None);
}

#[tokio::test]
async fn what_was_not_announced_so_is_refused_by_the_sweep_too() {
    let mut yard = Yard::new().await;
    let key = yard.announce(b"plan").await;
    yard.put(&key, b"song").await;
    let swept = yard.sweep(Settings::default(), Duration::minutes(21)).await;
    assert_eq!(
        swept,
        Swept {
            refused: 1,
            ..Swept::default()
        }
    );
    assert_eq!((yard.state(&key).await, yard.keys().await), (None, Vec::new()));
}

#[tokio::test]
async fn a_file_that_was_taken_away_is_kept_for_thirty_days() {
    let mut yard = Yard::new().await;
    let (old, young) = (yard.announce(b"old").await, yard.announce(b"young").await);
    for (key, content, days) in [(&old, "old", 31), (&young, "young", 29)] {
        yard.put(key, content.as_bytes()).await;
        let change = format!("state = 'STORED', deleted_at = now() - interval '{days} days'");
        yard.set(key, &change).await;
    }
    yard.put(&old, b"older still").await;
    let swept = yard.sweep(Settings::default(), NOW).await;
    assert_eq!(
        swept,
        Swept {
            deleted: 1,
            ..Swept::default()
        }
    );
    assert_eq!(yard.state(&old).await, None);
    assert_eq!(yard.keys().await, [young]);
}

#[tokio::test]
async fn a_picture_goes_when_another_has_taken_its_place_for_long() {
    let mut yard = Yard::new().await;
    let keys = ["avatars/before", "avatars/now"];
    for key in keys {
        yard.put(key, b"x").await;
        sqlx::query(
            "INSERT INTO avatars (id, user_id, object_key, media_type, size_bytes, checksum_sha256, state)
            VALUES (gen_random_uuid(), $1, $2, 'image/png', 1, 'x', 'STORED')",
        )
        .bind(yard.member.id)
        .bind(key)
        .execute(&mut yard.owner)
        .await
        .unwrap();
    }
    sqlx::query("UPDATE users SET profile_image_key = $2 WHERE id = $1")
        .bind(yard.member.id)
        .bind(keys[1])
        .execute(&mut yard.owner)
        .await
        .unwrap();
    assert_eq!(
        yard.sweep(Settings::default(), Duration::days(29)).await,
        Swept::default()
    );
    let swept = yard.sweep(Settings::default(), Duration::days(31)).await;
    assert_eq!(
        swept,
        Swept {
            deleted: 1,
            ..Swept::default()
        }
    );
    assert_eq!(yard.keys().await, [keys[1]]);
}

#[tokio::test]
async fn objects_that_nothing_points_to_go_after_a_day_and_others_stay() {
    let mut yard = Yard::new().await;
    let known = yard.announce(b"plan").await;
    yard.set(&known, "state = 'STORED'").await;
    yard.put(&known, b"plan").await;
    for key in ["avatars/1", "events/1", "exports/1", "projects/1"] {
        yard.put(key, b"x").await;
    }
    assert_eq!(
        yard.sweep(Settings::default(), Duration::hours(23)).await,
        Swept::default()
    );
    let swept = yard.sweep(Settings::default(), Duration::hours(25)).await;
    assert_eq!(
        swept,
        Swept {
            orphans: 3,
            ..Swept::default()
        }
    );
    assert_eq!(yard.keys().await, ["exports/1".to_owned(), known]);
}

#[tokio::test]
async fn a_sweep_is_bounded_and_the_next_goes_on() {
    let mut yard = Yard::new().await;
    for name in ["avatars/1", "avatars/2", "events/1", "projects/1", "projects/2"] {
        yard.put(name, b"x").await;
    }
    for _ in 0..3 {
        yard.announce(b"never").await;
    }
    let settings = Settings {
        sweep_rows: 2,
        sweep_objects: 2,
        ..Settings::default()
    };
    let mut runs = Vec::new();
    for _ in 0..3 {
        let swept = yard.sweep(settings.clone(), Duration::hours(25)).await;
        runs.push((swept.orphans, swept.never_came, swept.cursor));
    }
    let cursor = |key: &str| Some(key.to_owned());
    assert_eq!(
        runs,
        [
            (2, 2, cursor("avatars/2")),
            (2, 1, cursor("projects/1")),
            (1, 0, None)
        ]
    );
    assert_eq!(yard.keys().await, Vec::<String>::new());
    let runs: i64 =
        sqlx::query_scalar("SELECT count(*) FROM job_runs WHERE job = 'files-sweep' AND state = 'COMPLETED'")
            .fetch_one(&mut yard.owner)
            .await
            .unwrap();
    assert_eq!(runs, 3);
}
