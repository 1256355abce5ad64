//! Seats at events: written by functions that ask who calls, and what a seat opens.

use portal_data::DataError;
use uuid::Uuid;

use crate::{Scene, scene};

/// An event of Ana's at seven dollars for anybody, with Bo's held seat.
async fn held_seat(scene: &mut Scene) -> (Uuid, Uuid) {
    let event = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at, max_capacity, price_cents, member_price_cents,
            virtual_url)
        VALUES ($1, $2, 'A talk', 'TRAINING', 'REGISTRATION_OPEN', now() + interval '1 hour', now() + interval '2 hours', 2, 700, 500,
            'https://meet.example.org/room')",
    )
    .bind(event)
    .bind(scene.ana.id)
    .execute(&mut scene.owner)
    .await
    .unwrap();
    let take = format!(
        "SELECT app.take_seat('{event}', '{}', 'REGISTERED', 'STANDARD', now() + interval '30 minutes')",
        scene.bo.id
    );
    assert_eq!(scene.change(scene.bo, &take).await.unwrap(), 1);
    let seat = sqlx::query_scalar("SELECT id FROM event_registrations WHERE event_id = $1")
        .bind(event)
        .fetch_one(&mut scene.owner)
        .await
        .unwrap();
    (event, seat)
}

#[tokio::test]
async fn seats_are_written_by_functions_alone() {
    let mut scene = scene().await;
    let (event, seat) = held_seat(&mut scene).await;
    for change in [
        "paid_at = now()",
        "amount_cents = 0",
        "status = 'ATTENDED'",
        "checked_in_at = now()",
        "hold_expires_at = hold_expires_at + interval '1 year'",
        "seat_version = 9",
        "unpaid_holds = 0",
    ] {
        let sql = format!("UPDATE event_registrations SET {change} WHERE id = '{seat}'");
        for member in [scene.bo, scene.ana] {
            let refused = scene.change(member, &sql).await;
            assert!(
                matches!(refused, Err(DataError::Denied(_))),
                "{change}: {refused:?}"
            );
        }
    }
    let insert = format!(
        "INSERT INTO event_registrations (id, event_id, user_id) VALUES (gen_random_uuid(), '{event}', '{}')",
        scene.eve.id
    );
    assert!(matches!(
        scene.change(scene.eve, &insert).await,
        Err(DataError::Denied(_))
    ));
}

#[tokio::test]
async fn the_functions_of_seats_ask_who_calls_and_what_is_theirs() {
    let mut scene = scene().await;
    let (event, seat) = held_seat(&mut scene).await;
    scene
        .run("INSERT INTO roles (id, name, description) VALUES (gen_random_uuid(), 'organizer', 'Posts events');
            INSERT INTO role_permissions (role_id, permission_id)
            SELECT r.id, p.id FROM roles AS r, permissions AS p WHERE r.name = 'organizer' AND p.name = 'events.create'")
        .await;
    let organizes = format!(
        "INSERT INTO user_roles (user_id, role_id) SELECT '{}', id FROM roles WHERE name = 'organizer'",
        scene.ana.id
    );
    scene.run(&organizes).await;
    let (ana, bo, eve) = (scene.ana, scene.bo, scene.eve);
    let take = |member: Uuid, kind: &str| {
        format!(
            "SELECT app.take_seat('{event}', '{member}', 'REGISTERED', '{kind}', now() + interval '30 minutes')"
        )
    };
    for (caller, sql) in [
        // A price that is not hers, and a seat for somebody else.
        (eve, take(eve.id, "MEMBER")),
        (eve, take(eve.id, "EARLY_BIRD")),
        (eve, take(bo.id, "STANDARD")),
        // The door is who runs the event.
        (bo, format!("SELECT app.let_in('{seat}', 'REGISTERED', now())")),
        (bo, format!("SELECT app.undo_check_in('{seat}')")),
        (bo, format!("SELECT app.release_seat('{event}')")),
        (bo, format!("SELECT app.undo_early_check_ins('{event}', now())")),
        (bo, format!("SELECT app.call_off_seats('{event}')")),
        (bo, format!("SELECT app.tell_of_change('{event}', 'x', '{{}}')")),
        // These are for functions of the definer.
        (ana, format!("SELECT app.owe_seat('{seat}', 'CALLED_OFF', 'x')")),
        (ana, format!("SELECT app.has_membership('{}', now())", bo.id)),
        (ana, format!("SELECT app.is_member_active('{}')", bo.id)),
    ] {
        let refused = scene.change(caller, &sql).await;
        assert!(matches!(refused, Err(DataError::Denied(_))), "{sql}: {refused:?}");
    }
    // Even who runs it lets nobody in who has not paid, and calls no seat off of an event that takes place.
    for sql in [
        format!("SELECT app.let_in('{seat}', 'REGISTERED', now())"),
        format!("SELECT app.call_off_seats('{event}')"),
    ] {
        let refused = scene.change(ana, &sql).await;
        assert!(
            matches!(refused, Err(DataError::Refused { .. })),
            "{sql}: {refused:?}"
        );
    }
    let standing = format!(
        "SELECT standing FROM app.member_at_door('{event}', '{}', now())",
        bo.id
    );
    assert_eq!(
        scene.change(eve, &standing).await.unwrap(),
        0,
        "told to the door alone"
    );
    assert_eq!(scene.change(ana, &standing).await.unwrap(), 1);
    let others = format!(
        "SELECT 1 WHERE app.give_seat_back('{seat}') OR app.accept_seat('{seat}', now()) OR app.hold_registration('{seat}')"
    );
    assert_eq!(
        scene.change(eve, &others).await.unwrap(),
        0,
        "somebody else's seat"
    );
    let given = format!("SELECT 1 WHERE app.give_seat_back('{seat}')");
    assert_eq!(scene.change(bo, &given).await.unwrap(), 1);
}

#[tokio::test]
async fn a_meeting_and_papers_are_for_who_has_a_seat_and_owes_nothing() {
    let mut scene = scene().await;
    let (event, seat) = held_seat(&mut scene).await;
    scene
        .run(&format!(
            "INSERT INTO event_files (id, event_id, object_key, name, media_type, size_bytes, uploaded_by, state)
            VALUES (gen_random_uuid(), '{event}', 'k', 'slides.pdf', 'application/pdf', 1, '{}', 'STORED')",
            scene.ana.id
        ))
        .await;
    let sql = "SELECT (SELECT count(*) FROM event_files) + (SELECT count(*) FROM event_listings WHERE virtual_url IS NOT NULL)";
    assert_eq!(scene.count(scene.ana, sql).await.unwrap(), 2, "she runs it");
    assert_eq!(scene.count(scene.bo, sql).await.unwrap(), 0, "not paid");
    scene
        .run(&format!(
            "UPDATE event_registrations SET paid_at = now(), hold_expires_at = NULL WHERE id = '{seat}'"
        ))
        .await;
    assert_eq!(scene.count(scene.bo, sql).await.unwrap(), 2, "paid");
    assert_eq!(scene.count(scene.eve, sql).await.unwrap(), 0, "no seat");
}

#[tokio::test]
async fn a_draft_that_is_called_off_was_never_announced() {
    let mut scene = scene().await;
    let (event, _) = held_seat(&mut scene).await;
    let sql = "SELECT count(*) FROM event_listings";
    let status = |status: &str, published: &str| {
        format!(
            "UPDATE events SET status = '{status}', published_at = {published}, cancelled_at = now() WHERE id = '{event}'"
        )
    };
    for (change, seen) in [
        (status("DRAFT", "NULL"), 0),
        (status("CANCELLED", "NULL"), 0),
        (status("CANCELLED", "now()"), 1),
    ] {
        scene.run(&change).await;
        assert_eq!(scene.count(scene.eve, sql).await.unwrap(), seen, "{change}");
        assert_eq!(scene.count(scene.ana, sql).await.unwrap(), 1, "{change}");
    }
}
