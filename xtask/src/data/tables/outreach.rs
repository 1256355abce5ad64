//! Contractors after their import: which of them are members, and how far staff have come with the others.

use anyhow::Result;
use sqlx::PgConnection;

use super::world::World;

/// By licence number, so that it is the same each time: one firm in twenty has been contacted.
const REACH_OUT: &str = "UPDATE california_contractors
SET outreach_status = (ARRAY['CONTACTED', 'CONTACTED', 'INTERESTED', 'NOT_INTERESTED', 'DO_NOT_CONTACT'])
                          [1 + license_number::bigint / 20 % 5],
    outreach_notes = (ARRAY['Left a voice mail', 'Asked for the brochure', 'Call again in spring'])
                          [1 + license_number::bigint / 100 % 3],
    outreach_updated_at = created_at
WHERE license_number::bigint % 20 = 7 AND outreach_status = 'NEW'";

/// Members whose licence is known.
const MARK_MEMBERS: &str = "UPDATE california_contractors AS c
SET is_namc_member = true, outreach_status = 'JOINED', outreach_updated_at = u.created_at
FROM users AS u
WHERE u.contractor_license = c.license_number AND u.deleted_at IS NULL AND NOT c.is_namc_member";

/// Notes the outreach and tells how many contractors there are.
pub(super) async fn reach_out(_: &World, connection: &mut PgConnection) -> Result<u64> {
    sqlx::query(REACH_OUT).execute(&mut *connection).await?;
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM california_contractors")
        .fetch_one(connection)
        .await?;
    Ok(count.unsigned_abs())
}

/// Marks the members' firms.
pub(super) async fn mark_members(connection: &mut PgConnection) -> Result<()> {
    sqlx::query(MARK_MEMBERS).execute(connection).await?;
    Ok(())
}
