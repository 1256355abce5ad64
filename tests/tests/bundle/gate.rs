//! Holding an import at a chosen moment, so that it can be killed exactly there.

use serde_json::json;
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use crate::bundle::{Bundle, connect};

/// The lock that a held import waits for.
const LOCK: &str = "SELECT pg_advisory_lock(4711)";

/// A moment in the middle of an import.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// One part is staged, and the next one is written but not committed.
    Loading,
    /// All is staged, and the merge is written but not committed.
    Merging,
}

impl Moment {
    /// What makes a run's record wait: the last statement of the transaction in question.
    fn trigger(self) -> &'static str {
        match self {
            Self::Loading => {
                "CREATE TRIGGER gate BEFORE UPDATE ON import_runs FOR EACH ROW
                WHEN (OLD.byte_offset > 0 AND NEW.byte_offset > OLD.byte_offset) EXECUTE FUNCTION public.gate()"
            }
            Self::Merging => {
                "CREATE TRIGGER gate BEFORE UPDATE ON import_runs FOR EACH ROW
                WHEN (OLD.state = 'MERGING' AND NEW.state = 'COMPLETED') EXECUTE FUNCTION public.gate()"
            }
        }
    }

    /// What others see of the run then.
    fn visible(self) -> &'static str {
        match self {
            Self::Loading => {
                "SELECT to_jsonb(state = 'LOADING' AND byte_offset BETWEEN 1 AND object_bytes - 1 AND rows_seen > 0)
                FROM import_runs WHERE state <> 'COMPLETED'"
            }
            Self::Merging => {
                "SELECT to_jsonb(state = 'MERGING' AND byte_offset = object_bytes)
                FROM import_runs WHERE state <> 'COMPLETED'"
            }
        }
    }
}

/// A gate that is shut.
pub struct Gate {
    moment: Moment,
    keeper: PgConnection,
}

impl Gate {
    /// From now on every import stops at this moment.
    pub async fn shut(bundle: &mut Bundle, moment: Moment) -> Self {
        bundle
            .execute(
                "CREATE OR REPLACE FUNCTION public.gate() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END';
                DROP TRIGGER IF EXISTS gate ON import_runs",
            )
            .await;
        bundle.execute(moment.trigger()).await;
        let mut keeper = connect().await;
        sqlx::raw_sql(LOCK).execute(&mut keeper).await.unwrap();
        Self { moment, keeper }
    }

    /// Waits for an import to stand before the gate.
    pub async fn reached(&self, bundle: &mut Bundle) {
        bundle
            .wait_until(
                "SELECT to_jsonb(EXISTS (SELECT FROM pg_locks
                    WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted))",
            )
            .await;
        assert_eq!(
            bundle.scalar(self.moment.visible()).await,
            json!(true),
            "{:?}",
            self.moment
        );
    }

    /// Opens it for good. The keeper's connection may have died with the server.
    pub async fn open(self, bundle: &mut Bundle) {
        self.keeper.close().await.ok();
        bundle.execute("DROP TRIGGER gate ON import_runs").await;
    }
}
