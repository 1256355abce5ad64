//! Every change of every audited table leaves who, what, before, after, when and for which request, whoever made it: a member's
//! request, staff, sign-in, a job, or a person in psql.

use std::collections::BTreeMap;

use portal_data::{Database, RequestContext};
use portal_domain::Caller;
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use portal_tests::rows::{World, literal, loosen, tables};
use serde_json::Value;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::scene::Scene;

/// What is changed where; the first column that a role may change is taken.
const CHANGES: &[(&str, &str, &str)] = &[
    ("users", "title", "'Boss'"),
    ("users", "is_verified", "NOT is_verified"),
    ("users", "membership_expires_at", "now()"),
    ("roles", "description", "'other'"),
    ("permissions", "description", "'other'"),
    ("role_permissions", "created_at", "'2020-01-01'"),
    ("user_roles", "expires_at", "'2119-01-01'"),
    ("user_skills", "level", "'INTERMEDIATE'"),
    ("user_skills", "verified", "NOT verified"),
    ("secure_data", "key_id", "'k2'"),
    ("mfa_recovery_codes", "used_at", "now()"),
    ("projects", "description", "'other'"),
    ("project_invitations", "created_at", "'2020-01-01'"),
    ("project_applications", "cover_letter", "'other'"),
    ("addenda", "summary", "'other'"),
    ("project_files", "name", "'other'"),
    ("events", "description", "'other'"),
    ("event_registrations", "price_kind", "'MEMBER'"),
    ("event_files", "name", "'other'"),
    ("calendar_tokens", "created_at", "'2020-01-01'"),
    ("courses", "description", "'other'"),
    ("course_modules", "content", "'other'"),
    ("course_enrollments", "progress_percent", "50"),
    ("message_reports", "excerpt", "'other'"),
    ("message_reports", "outcome", "'other'"),
    ("payment_findings", "detail", "'other'"),
    ("payment_findings", "resolved_at", "now()"),
    ("suspensions", "reason", "'other'"),
    ("merge_orders", "reason", "'other'"),
    ("announcements", "content", "'other'"),
    ("announcements", "notified_at", "now()"),
    ("notification_settings", "time_zone", "'UTC'"),
    ("member_feedback", "content", "'other'"),
    ("member_feedback", "status", "'CLOSED'"),
    ("feedback_replies", "content", "'other'"),
    ("membership_tiers", "description", "'other'"),
    ("payments", "description", "'other'"),
    ("payments", "failure_code", "'other'"),
    ("memberships", "reminded_at", "now()"),
    ("membership_people", "created_at", "'2020-01-01'"),
    ("membership_invitations", "created_at", "'2020-01-01'"),
    ("refunds", "reason", "'other'"),
    ("ledger_transactions", "memo", "'other'"),
    ("ledger_entries", "amount_cents", "6"),
    ("partition_policies", "ahead", "9"),
    ("avatars", "state", "'STORED'"),
    ("california_contractors", "outreach_notes", "'other'"),
];

/// Who changes rows, and what the audit has to say of it.
struct Actor {
    role: &'static str,
    database: Option<Database>,
    context: RequestContext,
    application: &'static str,
}

/// Audited tables with the kinds of changes that are audited.
async fn audited(owner: &mut PgConnection) -> BTreeMap<String, Vec<&'static str>> {
    let triggers: Vec<(String, i16)> = sqlx::query_as(
        "SELECT c.relname::text, t.tgtype FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE t.tgname = 'audit' AND NOT c.relispartition",
    )
    .fetch_all(owner)
    .await
    .unwrap();
    let kinds = |bits: i16| {
        let all = [(4, "INSERT"), (16, "UPDATE"), (8, "DELETE")];
        all.into_iter()
            .filter(move |(bit, _)| bits & bit != 0)
            .map(|(_, kind)| kind)
            .collect()
    };
    triggers
        .into_iter()
        .map(|(name, bits)| (name, kinds(bits)))
        .collect()
}

#[tokio::test]
async fn every_change_by_anybody_leaves_its_row() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    loosen(&mut owner).await;
    let ana = Member::add(&mut owner, "ana", &["administrator"]).await;
    let bo = Member::add(&mut owner, "bo", &[]).await;
    let secrets = sqlx::query_as("SELECT table_name, column_name FROM column_classes WHERE class = 'SECRET'")
        .fetch_all(&mut owner)
        .await
        .unwrap();
    let world = World {
        members: vec![ana.id, bo.id],
        rows: Vec::new(),
    };
    let mut scene = Scene {
        owner,
        world,
        ana: ana.id,
        seed: 0,
        secrets,
    };
    // Something of the caller's for every row to hang on.
    for table in
        tables().filter(|table| !["users", "audit_log", "audit_seals", "admin_actions"].contains(&table.name))
    {
        let row = scene.add(table.name).await;
        scene.world.rows.push(row);
    }
    let request = || RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
    let actor = async |role: &'static str, context| Actor {
        role,
        database: Some(database.open(role, false).await),
        context,
        application: "tests",
    };
    let actors = [
        Actor {
            role: "postgres",
            database: None,
            context: request(),
            application: "",
        },
        actor("portal_api", ana.request()).await,
        actor("portal_admin", ana.request()).await,
        actor("portal_auth", request()).await,
        actor("portal_jobs", request()).await,
        actor("portal_maintenance", request()).await,
    ];
    let tables = audited(&mut scene.owner).await;
    assert!(tables.len() >= 30, "{tables:?}");
    let mut proven = BTreeMap::new();
    for actor in &actors {
        for (name, kinds) in &tables {
            for kind in kinds {
                *proven.entry(actor.role).or_insert(0) +=
                    usize::from(prove(&mut scene, actor, name, kind).await);
            }
        }
    }
    assert!(proven.values().all(|count| *count >= 2), "{proven:?}");
    let all: usize = tables.values().map(Vec::len).sum();
    assert_eq!((proven["postgres"], proven["portal_maintenance"]), (all, all));
}

/// Makes one change and looks at what the audit says of it; false where the actor is not granted such a change.
async fn prove(scene: &mut Scene, actor: &Actor, name: &str, kind: &'static str) -> bool {
    let row = if kind == "INSERT" {
        scene.draw(name)
    } else {
        scene.add(name).await
    };
    let place = format!("WHERE {} = {}", row.table.key_sql(), literal(Some(&row.key())));
    let changes: Vec<_> = CHANGES.iter().filter(|(of, ..)| *of == name).collect();
    assert!(
        !changes.is_empty(),
        "say in CHANGES what may be changed in {name}"
    );
    let columns: Vec<&str> = match kind {
        "UPDATE" => changes.iter().map(|(_, column, _)| *column).collect(),
        _ => row.columns().collect(),
    };
    let (whole, granted) = scene.granted(actor.role, name, kind, &columns).await;
    let mut changed = None;
    let statement = match kind {
        "INSERT" if !granted.is_empty() => {
            let gone = format!(
                "SET session_replication_role = replica; DELETE FROM {name} {place}; SET session_replication_role = origin"
            );
            sqlx::raw_sql(&gone).execute(&mut scene.owner).await.unwrap();
            let only: Vec<&str> = granted.iter().map(String::as_str).collect();
            row.insert(Some(&only))
        }
        "UPDATE" if !granted.is_empty() => {
            let (_, column, value) = changes
                .iter()
                .find(|(_, column, _)| granted[0] == *column)
                .unwrap();
            changed = Some(*column);
            format!("UPDATE {name} SET {column} = {value} {place}")
        }
        "DELETE" if whole => format!("DELETE FROM {name} {place}"),
        _ => return false,
    };
    let (before, _) = scene.last().await;
    let done = run(scene, actor, &statement).await;
    let (id, entry) = scene.last().await;
    if !done {
        assert_eq!(id, before, "{}: {statement} was refused", actor.role);
        return false;
    }
    assert!(
        id > before,
        "{}: {statement} left nothing in the audit",
        actor.role
    );
    check(scene, actor, name, kind, &entry);
    if let Some(column) = changed {
        assert_ne!(entry["before"][column], entry["after"][column], "{entry}");
        let mut kept: Vec<_> = entry["after"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        kept.retain(|key| !["updated_at", "version"].contains(key));
        assert_eq!(kept, [column], "changed columns only");
    }
    true
}

/// Whether one row was changed; an application role may find that a policy or a rule keeps it from this one.
async fn run(scene: &mut Scene, actor: &Actor, statement: &str) -> bool {
    let touched = match &actor.database {
        None => sqlx::query(statement).execute(&mut scene.owner).await,
        Some(database) => {
            let mut tx = database.begin(&actor.context).await.unwrap();
            let done = sqlx::query(statement).execute(&mut tx).await;
            match &done {
                Ok(_) => drop(tx.commit().await.unwrap()),
                Err(_) => tx.rollback().await.unwrap(),
            }
            done
        }
    };
    match touched {
        Ok(touched) => touched.rows_affected() == 1,
        Err(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("42501" | "PB409")) => {
            false
        }
        Err(error) => panic!("{}: {statement}: {error}", actor.role),
    }
}

/// Who, what, when and for which request; secrets are not in it.
fn check(scene: &Scene, actor: &Actor, name: &str, kind: &str, entry: &Value) {
    assert_eq!(
        (&entry["table_name"], &entry["operation"]),
        (&name.into(), &kind.into()),
        "{entry}"
    );
    let role = &entry["database_role"];
    assert_eq!(role, actor.role);
    assert_eq!(entry["application"], actor.application, "{entry}");
    let (user, request) = match (&actor.database, actor.context.caller) {
        (None, _) => (Value::Null, Value::Null),
        (_, Caller::Anonymous) => (Value::Null, actor.context.request_id.to_string().into()),
        (_, Caller::Member { user_id, .. }) => (
            user_id.to_string().into(),
            actor.context.request_id.to_string().into(),
        ),
    };
    assert_eq!(
        (&entry["user_id"], &entry["request_id"]),
        (&user, &request),
        "{entry}"
    );
    assert!(entry["created_at"].is_string());
    assert_eq!(
        (entry["before"].is_null(), entry["after"].is_null()),
        (kind == "INSERT", kind == "DELETE"),
        "{entry}"
    );
    for (_, column) in scene.secrets.iter().filter(|(of, _)| of == name) {
        for side in ["before", "after"] {
            let value = &entry[side][column.as_str()];
            assert!(
                value.is_null() || value == "[redacted]",
                "{name}.{column} is in the audit: {entry}"
            );
        }
    }
}
