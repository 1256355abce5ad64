//! What somebody with the owner's rights does to stored values shows when they are opened.

use portal_data::DataError;
use portal_data::sealing::SealingError;
use portal_domain::secure_data::SecureKind;

use crate::support::World;

async fn two_members(world: &mut World) -> [portal_tests::members::Member; 2] {
    let members = [world.member().await, world.member().await];
    for (member, number) in members.iter().zip(["123-45-6789", "123-45-6788"]) {
        world.put(*member, SecureKind::Ssn, number).await.unwrap();
    }
    members
}

fn is_not_authentic(outcome: &Result<Vec<String>, DataError>) -> bool {
    matches!(outcome, Err(DataError::Sealing(SealingError::NotAuthentic(_))))
}

#[tokio::test]
async fn a_value_that_was_moved_to_another_members_row_does_not_open() {
    let mut world = World::create().await;
    let [ana, bo] = two_members(&mut world).await;
    let moved = format!(
        "UPDATE secure_data SET ciphertext = (SELECT ciphertext FROM secure_data WHERE user_id = '{}') WHERE user_id = '{}'",
        bo.id, ana.id
    );
    assert_eq!(world.run(&moved).await, 1);
    assert!(is_not_authentic(&world.shown(ana).await));
    assert_eq!(world.shown(bo).await.unwrap(), ["SSN 6788"]);
}

#[tokio::test]
async fn a_value_that_was_moved_to_another_kind_does_not_open() {
    let mut world = World::create().await;
    let [ana, _] = two_members(&mut world).await;
    let moved = format!("UPDATE secure_data SET kind = 'EIN' WHERE user_id = '{}'", ana.id);
    assert_eq!(world.run(&moved).await, 1);
    assert!(is_not_authentic(&world.shown(ana).await));
}

#[tokio::test]
async fn a_flipped_bit_shows() {
    let mut world = World::create().await;
    let [ana, _] = two_members(&mut world).await;
    let flip = format!(
        "UPDATE secure_data SET ciphertext = set_bit(ciphertext, 8 * octet_length(ciphertext) - 1,
            1 - get_bit(ciphertext, 8 * octet_length(ciphertext) - 1))
        WHERE user_id = '{}'",
        ana.id
    );
    assert_eq!(world.run(&flip).await, 1);
    assert!(is_not_authentic(&world.shown(ana).await));
}

#[tokio::test]
async fn a_key_that_was_taken_out_too_early_is_named() {
    let mut world = World::create().await;
    let ana = world.member().await;
    world.put(ana, SecureKind::Ssn, "123-45-6789").await.unwrap();
    world.keys.put(&["k2"]).await;
    world.sealer = world.keys.sealer(portal_data::sealing::KEYS_STAY).await;
    let outcome = world.shown(ana).await;
    assert!(
        matches!(&outcome, Err(DataError::Sealing(SealingError::UnknownKey(id))) if id == "k1"),
        "{outcome:?}"
    );
    world.keys.put(&["k2", "k1"]).await;
    assert_eq!(
        world.shown(ana).await.unwrap(),
        ["SSN 6789"],
        "put back, it is fetched at once"
    );
}
