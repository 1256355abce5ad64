//! A tile shows a caller what the lists would.

use std::collections::BTreeSet;

use portal_data::RequestContext;
use portal_domain::tile::TileAddress;
use portal_tests::members::Member;
use uuid::Uuid;

use crate::places::{Places, Wanted, anonymous};

/// Around 20 north, 20 east, where the other places are few.
const TILE: (u8, u32, u32) = (14, 9102, 7262);

async fn titles(places: &Places, context: &RequestContext, status: &'static str) -> BTreeSet<String> {
    let tile = TileAddress::new(TILE.0, TILE.1, TILE.2).unwrap();
    let wanted = Wanted {
        status: Some(status),
        class: None,
    };
    let features = places.project_tile(context, tile, wanted).await;
    features
        .into_iter()
        .map(|feature| feature.attributes["title"].clone())
        .collect()
}

async fn counted(places: &Places, context: &RequestContext, status: &'static str) -> String {
    let zoom = 10;
    let tile = TileAddress::new(zoom, TILE.1 >> (TILE.0 - zoom), TILE.2 >> (TILE.0 - zoom)).unwrap();
    let wanted = Wanted {
        status: Some(status),
        class: None,
    };
    let features = places.project_tile(context, tile, wanted).await;
    features
        .iter()
        .map(|feature| feature.attributes["point_count"].clone())
        .collect()
}

#[tokio::test]
async fn a_tile_shows_what_its_caller_may_see() {
    let mut places = Places::create().await;
    let poster = Member::add(&mut places.owner, "poster", &[]).await;
    let guest = Member::add(&mut places.owner, "guest", &[]).await;
    let other = Member::add(&mut places.owner, "other", &[]).await;
    for (title, status, visibility, deleted) in [
        ("public", "AWARDED", "PUBLIC", false),
        ("members", "AWARDED", "MEMBERS_ONLY", false),
        ("invited", "AWARDED", "INVITE_ONLY", false),
        ("private", "AWARDED", "PRIVATE", false),
        ("deleted", "AWARDED", "PUBLIC", true),
        ("draft", "DRAFT", "PUBLIC", false),
    ] {
        sqlx::query(
            "INSERT INTO projects (id, owner_id, title, category, status, visibility, coordinates, deleted_at)
            VALUES ($1, $2, $3, 'COMMERCIAL', $4, $5, 'POINT(20.005 20.005)', CASE WHEN $6 THEN now() END)",
        )
        .bind(Uuid::now_v7())
        .bind(poster.id)
        .bind(title)
        .bind(status)
        .bind(visibility)
        .bind(deleted)
        .execute(&mut places.owner)
        .await
        .unwrap();
    }
    sqlx::query(
        "INSERT INTO project_invitations (project_id, user_id, invited_by)
        SELECT id, $1, owner_id FROM projects WHERE title = 'invited'",
    )
    .bind(guest.id)
    .execute(&mut places.owner)
    .await
    .unwrap();
    for (context, awarded, drafts) in [
        (anonymous(), vec!["public"], vec![]),
        (other.request(), vec!["public", "members"], vec![]),
        (guest.request(), vec!["public", "members", "invited"], vec![]),
        (
            poster.request(),
            vec!["public", "members", "invited", "private"],
            vec!["draft"],
        ),
    ] {
        let set = |titles: &[&str]| -> BTreeSet<String> { titles.iter().map(ToString::to_string).collect() };
        assert_eq!(titles(&places, &context, "AWARDED").await, set(&awarded));
        assert_eq!(titles(&places, &context, "DRAFT").await, set(&drafts));
        assert_eq!(
            counted(&places, &context, "AWARDED").await,
            awarded.len().to_string()
        );
    }
}
