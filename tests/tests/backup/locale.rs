//! Databases that write text otherwise than the one that a backup is of.

use std::str::FromStr;

use backup::{BackupError, Drill};
use portal_data::backups::Locale;
use portal_tests::stack::Stack;
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection};

use crate::support::{World, manifest_key, text};

/// Of a template without an encoding, with what only a superuser may put there. It goes with the tests' other databases.
async fn template_without_encoding(world: &mut World) -> String {
    let name = format!("template_{}_0", std::process::id());
    world
        .execute(&format!(
            "CREATE DATABASE {name} OWNER portal_maintenance TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"
        ))
        .await;
    let options = PgConnectOptions::from_str(&Stack::get().role("owner").primary).unwrap();
    let options = options
        .database(&name)
        .ssl_mode(PgSslMode::VerifyFull)
        .ssl_root_cert(&Stack::get().ca_file);
    let mut inside = options.connect().await.unwrap();
    sqlx::raw_sql("CREATE EXTENSION postgis; CREATE EXTENSION pg_stat_statements")
        .execute(&mut inside)
        .await
        .unwrap();
    inside.close().await.unwrap();
    name
}

/// Texts that are no ASCII have other words there, and the search columns are computed anew by the restore.
#[tokio::test]
async fn a_template_of_another_encoding_condemns_no_backup() {
    let mut world = World::create().await;
    world
        .execute("UPDATE projects SET title = 'Ein größeres Dach für die Schule in Cañada'")
        .await;
    let taken = world.back_up().await;
    let good = world.settings.drill.clone().unwrap();
    world.settings.drill = Some(Drill {
        template: template_without_encoding(&mut world).await,
        ..good.clone()
    });
    let error = world.drill().await.unwrap_err();
    let BackupError::OtherLocale { wanted, found, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(
        (wanted.encoding.as_str(), found.encoding.as_str()),
        ("UTF8", "SQL_ASCII")
    );
    let said = error.to_string();
    assert!(
        said.contains("createdb --template template0 --encoding UTF8"),
        "{said}"
    );
    assert_eq!(world.states().await[0], "STORED");
    world.check_order().await;

    world.settings.drill = Some(good);
    let proven = world.drill().await.unwrap();
    assert_eq!(proven["backup"], taken["backup"]);
}

/// The manifest is what is compared with, not the server that has it.
#[tokio::test]
async fn a_backup_of_another_locale_is_not_restored() {
    let mut world = World::create().await;
    let taken = world.back_up().await;
    let key = text(&taken, "objectKey");
    let manifest = world.manifest(key).await;
    let here = manifest.locale.clone().unwrap();
    let own = "SELECT jsonb_build_array(pg_encoding_to_char(encoding), datcollate, datctype) FROM pg_database
        WHERE datname = current_database()";
    assert_eq!(
        world.scalar(own).await,
        json!([here.encoding, here.collation, here.ctype])
    );
    for (locale, is_restored) in [
        (
            Some(Locale {
                ctype: "tr_TR.UTF-8".to_owned(),
                ..here.clone()
            }),
            false,
        ),
        (
            Some(Locale {
                collation: "tr_TR.UTF-8".to_owned(),
                ..here.clone()
            }),
            false,
        ),
        // Of a release before this one.
        (None, true),
    ] {
        let mut other = manifest.clone();
        other.locale = locale;
        world
            .write(&manifest_key(key), serde_json::to_vec(&other).unwrap())
            .await;
        let drilled = world.drill().await;
        match drilled {
            Ok(_) => assert!(is_restored),
            Err(error) => assert!(
                !is_restored && matches!(error, BackupError::OtherLocale { .. }),
                "{error}"
            ),
        }
        let expected = if is_restored { "PROVEN" } else { "STORED" };
        assert_eq!(world.states().await[0], expected);
        world.check_order().await;
    }
}
