//! Backups that are not what they should be: each is found, and nobody relies on it afterwards.

use backup::{BackupError, Fault, Manifest};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{World, manifest_key, text};

/// What a drill finds; the backup must have failed by it, with the reason, and no database be left.
async fn found(world: &mut World) -> Fault {
    let error = world.drill().await.unwrap_err();
    let BackupError::Broken { fault, .. } = error else {
        panic!("not found: {error}")
    };
    let recorded = world
        .scalar("SELECT jsonb_build_array(state, error) FROM backups ORDER BY started_at DESC LIMIT 1")
        .await;
    assert_eq!(recorded, json!(["FAILED", fault.to_string()]));
    assert_eq!(world.scratch_databases().await, json!(0));
    fault
}

/// A world with one backup, and its key.
async fn backed_up() -> (World, String) {
    let world = World::create_large().await;
    let details = world.back_up().await;
    let key = text(&details, "objectKey").to_owned();
    (world, key)
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// Makes manifest and record say that these are the bytes which were written.
async fn vouch_for(world: &mut World, key: &str, dump: &[u8]) {
    let digest = sha256(dump);
    let mut manifest = world.manifest(key).await;
    manifest.size_bytes = dump.len() as u64;
    manifest.sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    rewrite(world, key, &manifest).await;
    sqlx::query("UPDATE backups SET sha256 = $1, size_bytes = $2")
        .bind(digest)
        .bind(i64::try_from(dump.len()).unwrap())
        .execute(&mut world.owner)
        .await
        .unwrap();
}

async fn rewrite(world: &World, key: &str, manifest: &Manifest) {
    world
        .write(&manifest_key(key), serde_json::to_vec(manifest).unwrap())
        .await;
}

/// Also where pg_restore takes it without a word: in the middle of a text, of which the dump has plenty.
#[tokio::test]
async fn a_flipped_byte() {
    let (mut world, key) = backed_up().await;
    let mut dump = world.read(&key).await;
    let middle = dump.len() / 2;
    dump[middle] ^= 1;
    world.write(&key, dump).await;
    assert!(matches!(found(&mut world).await, Fault::Bytes { .. }));
}

#[tokio::test]
async fn a_part_that_is_missing() {
    let (mut world, key) = backed_up().await;
    let dump = world.read(&key).await;
    let part = world.settings.part_bytes;
    let without = [&dump[..part], &dump[2 * part..]].concat();
    world.write(&key, without).await;
    let expected = dump.len() as u64;
    let fault = found(&mut world).await;
    assert_eq!(
        fault,
        Fault::Size {
            expected,
            found: expected - part as u64
        }
    );
}

#[tokio::test]
async fn a_part_of_zeros() {
    let (mut world, key) = backed_up().await;
    let mut dump = world.read(&key).await;
    let part = world.settings.part_bytes;
    dump[part..2 * part].fill(0);
    world.write(&key, dump).await;
    assert!(matches!(found(&mut world).await, Fault::Bytes { .. }));
}

#[tokio::test]
async fn a_dump_that_was_cut_short_afterwards() {
    let (mut world, key) = backed_up().await;
    let dump = world.read(&key).await;
    world.write(&key, dump[..dump.len() - 1].to_vec()).await;
    assert!(matches!(found(&mut world).await, Fault::Size { .. }));
}

/// As if `pg_dump` had ended well after a part of its work: digest and size are those of what was written.
#[tokio::test]
async fn a_dump_that_was_cut_short_while_it_was_written() {
    let (mut world, key) = backed_up().await;
    let mut dump = world.read(&key).await;
    dump.truncate(dump.len() / 2);
    world.write(&key, dump.clone()).await;
    vouch_for(&mut world, &key, &dump).await;
    let fault = found(&mut world).await;
    assert!(
        matches!(&fault, Fault::Archive(said) if said.contains("end of file")),
        "{fault}"
    );
}

#[tokio::test]
async fn a_manifest_of_another_dump() {
    let (mut world, first) = backed_up().await;
    let second = world.back_up().await;
    let second = text(&second, "objectKey");
    let other = world.read(&manifest_key(&first)).await;
    world.write(&manifest_key(second), other).await;
    let fault = found(&mut world).await;
    assert!(
        matches!(
            fault,
            Fault::OtherManifest {
                what: "objectKey",
                ..
            }
        ),
        "{fault}"
    );
}

#[tokio::test]
async fn a_manifest_that_was_made_to_fit() {
    let (mut world, first) = backed_up().await;
    let second = world.back_up().await;
    let second = text(&second, "objectKey");
    // The first backup as a whole, under the second's name.
    let dump = world.read(&first).await;
    world.write(second, dump).await;
    let mut manifest = world.manifest(&first).await;
    manifest.id = world.manifest(second).await.id;
    manifest.object_key = second.to_owned();
    rewrite(&world, second, &manifest).await;
    let fault = found(&mut world).await;
    assert!(
        matches!(fault, Fault::OtherManifest { what: "sha256", .. }),
        "{fault}"
    );
}

#[tokio::test]
async fn no_manifest_and_none_that_can_be_read() {
    for broken in [None, Some("{}"), Some("<Error/>")] {
        let (mut world, key) = backed_up().await;
        let object = world.object(&manifest_key(&key));
        match broken {
            None => world.store.erase(&object).await.unwrap(),
            Some(text) => world.write(&object.key, text.into()).await,
        }
        let fault = found(&mut world).await;
        let is_right = match broken {
            None => matches!(fault, Fault::Gone(_)),
            Some(_) => matches!(fault, Fault::NoManifest(_)),
        };
        assert!(is_right, "{broken:?}: {fault}");
    }
}

#[tokio::test]
async fn a_dump_that_is_gone() {
    let (mut world, key) = backed_up().await;
    world.store.erase(&world.object(&key)).await.unwrap();
    assert_eq!(found(&mut world).await, Fault::Gone(key));
}

/// What a dump lacks of the moment that its manifest speaks of.
#[tokio::test]
async fn rows_that_are_not_those_of_the_manifest() {
    let (mut world, key) = backed_up().await;
    let mut manifest = world.manifest(&key).await;
    for table in &mut manifest.tables {
        match table.name.as_str() {
            "public.users" => table.rows += 1,
            "public.licences" => table.checksum = "7".to_owned(),
            _ => {}
        }
    }
    rewrite(&world, &key, &manifest).await;
    let Fault::Rows(differences) = found(&mut world).await else {
        panic!("another fault")
    };
    assert_eq!(
        differences,
        [
            "public.licences has other values in its 1 rows",
            "public.users has 1 rows and had 2"
        ]
    );
}

/// Whole, restored to the last row, and no use: as the application finds out.
#[tokio::test]
async fn a_database_that_does_not_serve() {
    let mut world = World::create().await;
    world
        .execute(
            "CREATE POLICY hidden ON projects AS RESTRICTIVE FOR SELECT TO portal_views USING (session_user <> 'portal_api')",
        )
        .await;
    world.back_up().await;
    let fault = found(&mut world).await;
    assert!(
        matches!(&fault, Fault::Reads(what) if what.starts_with("projects: project") && what.ends_with("was not found")),
        "{fault}"
    );
}

#[tokio::test]
async fn the_one_before_is_relied_on_then() {
    let (mut world, first) = backed_up().await;
    let second: Value = world.back_up().await;
    let second = text(&second, "objectKey");
    world.store.erase(&world.object(second)).await.unwrap();
    found(&mut world).await;
    let proven = world.drill().await.unwrap();
    assert!(first.contains(text(&proven, "backup")));
    assert_eq!(world.states().await, json!(["PROVEN", "FAILED"]));
}
