//! Putting, showing and forgetting, under the role of the functions that do it.

use portal_data::{DataError, secure_data};
use portal_domain::ids::UserId;
use portal_domain::secure_data::{SecureKind, SecureValue};
use serde_json::Value;

use crate::support::World;

#[tokio::test]
async fn a_member_is_shown_the_last_digits() {
    let mut world = World::create().await;
    let ana = world.member().await;
    world
        .put(ana, SecureKind::BankRouting, "121000248")
        .await
        .unwrap();
    world.put(ana, SecureKind::Ssn, "123-45-6789").await.unwrap();
    world.put(ana, SecureKind::BankAccount, "12345").await.unwrap();
    assert_eq!(
        world.shown(ana).await.unwrap(),
        ["SSN 6789", "BANK_ACCOUNT 45", "BANK_ROUTING 0248"]
    );
    world.put(ana, SecureKind::Ssn, "123-45-6788").await.unwrap();
    assert_eq!(world.shown(ana).await.unwrap()[0], "SSN 6788");
    let version: i32 = world
        .look("SELECT version FROM secure_data WHERE kind = 'SSN'")
        .await;
    assert_eq!(version, 2);
}

#[tokio::test]
async fn a_value_is_forgotten_once() {
    let mut world = World::create().await;
    let ana = world.member().await;
    world.put(ana, SecureKind::Ein, "94-1234567").await.unwrap();
    for there in [true, false] {
        let mut tx = world.portal.begin(&ana.request()).await.unwrap();
        let user = UserId::from(ana.id);
        assert_eq!(
            secure_data::delete(&mut tx, user, SecureKind::Ein).await.unwrap(),
            there
        );
        tx.commit().await.unwrap();
    }
    assert_eq!(world.shown(ana).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn nobody_reads_writes_or_deletes_what_is_anothers() {
    let mut world = World::create().await;
    let (ana, bo) = (world.member().await, world.member().await);
    world.put(ana, SecureKind::Ssn, "123-45-6789").await.unwrap();
    let value = SecureValue::parse(SecureKind::Ssn, "123-45-6788").unwrap();
    let of_ana = UserId::from(ana.id);

    let mut tx = world.portal.begin(&bo.request()).await.unwrap();
    assert_eq!(
        secure_data::list(&mut tx, &world.sealer, of_ana).await.unwrap(),
        []
    );
    assert!(
        !secure_data::delete(&mut tx, of_ana, SecureKind::Ssn)
            .await
            .unwrap()
    );
    let refused = secure_data::put(&mut tx, &world.sealer, of_ana, &value).await;
    assert!(matches!(refused, Err(DataError::Denied(_))), "{refused:?}");
    drop(tx);
    for role in ["portal_auth", "portal_admin"] {
        let mut connection = world.database.connect(role).await;
        let refused = sqlx::query("SELECT ciphertext FROM secure_data")
            .fetch_all(&mut connection)
            .await;
        assert!(refused.is_err(), "{role}");
    }
    assert_eq!(world.shown(ana).await.unwrap(), ["SSN 6789"]);
}

#[tokio::test]
async fn the_number_is_nowhere_in_the_database() {
    let mut world = World::create().await;
    let ana = world.member().await;
    world.put(ana, SecureKind::Ssn, "123-45-6789").await.unwrap();
    world.put(ana, SecureKind::Ssn, "123-45-6788").await.unwrap();
    let ciphertext: Vec<u8> = world.look("SELECT ciphertext FROM secure_data").await;
    for number in [b"12345678", b"45678812"] {
        assert!(!ciphertext.windows(8).any(|window| window == number));
    }
    let audited: Value = world
        .look("SELECT jsonb_agg(jsonb_build_array(before, after, user_id) ORDER BY id) FROM audit_log WHERE table_name = 'secure_data'")
        .await;
    let audited = audited.as_array().unwrap();
    assert_eq!(audited.len(), 2);
    for row in audited {
        assert_eq!(row[1]["ciphertext"], "[redacted]");
        assert_eq!(row[2], ana.id.to_string());
    }
}
