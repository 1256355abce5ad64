//! Roles, what they allow, and who holds them. Changes are made after [`super::hold`].

use portal_domain::ids::UserId;
use portal_domain::listing::Moment;
use portal_domain::staff::{
    Grants, PermissionListing, PermissionName, Powers, Reach, RoleDetails, RoleGrant, RoleListing, RoleName,
};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::words::{names, words};
use crate::columns::Table;
use crate::single_row::one;
use crate::{DataError, Tx};

const TABLE: Table = Table("roles");

/// What can be allowed, by name.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn permissions(tx: &mut Tx) -> Result<Vec<PermissionListing>, DataError> {
    let rows = sqlx::query!("SELECT name, description FROM permissions ORDER BY name");
    let rows = rows.fetch_all(&mut *tx).await?.into_iter().map(|row| {
        Ok(PermissionListing {
            name: Table("permissions").word(&row.name)?,
            description: row.description,
        })
    });
    rows.collect()
}

/// What the caller may do, and for how long.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn own_reach(tx: &mut Tx) -> Result<Reach, DataError> {
    let rows = sqlx::query!(
        r#"SELECT permission AS "permission!", NULLIF(until, 'infinity') AS until FROM app.own_reach()"#
    );
    let reach = rows.fetch_all(&mut *tx).await?.into_iter().map(|row| {
        let permission = Table("permissions").word(&row.permission)?;
        Ok((permission, row.until.map(Moment)))
    });
    reach.collect()
}

/// Whether an account is open and may do something, for those who hand it work.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn may(tx: &mut Tx, person: UserId, permission: &str) -> Result<bool, DataError> {
    let may = sqlx::query_scalar!(
        r#"SELECT app.may_be_handed($1, $2) AS "may!""#,
        person.as_uuid(),
        permission,
    );
    Ok(may.fetch_one(&mut *tx).await?)
}

/// All roles by name, or one of them.
///
/// # Errors
/// [`DataError`] of the query, and [`DataError::Corrupt`] for a row that cannot be.
async fn select(tx: &mut Tx, name: Option<&RoleName>) -> Result<Vec<RoleListing>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT r.name, r.description, r.is_system, r.created_at, r.updated_at, r.version,
            ARRAY(
                SELECT p.name FROM role_permissions AS rp JOIN permissions AS p ON p.id = rp.permission_id
                WHERE rp.role_id = r.id ORDER BY p.name) AS "permissions!",
            (SELECT count(*) FROM user_roles AS h
             WHERE h.role_id = r.id AND (h.expires_at IS NULL OR h.expires_at > now())) AS "holder_count!"
        FROM roles AS r
        WHERE $1::text IS NULL OR r.name = $1
        ORDER BY r.name"#,
        name.map(RoleName::as_str),
    )
    .fetch_all(&mut *tx)
    .await?;
    let roles = rows.into_iter().map(|row| {
        Ok(RoleListing {
            name: TABLE.word(&row.name)?,
            description: row.description,
            is_system: row.is_system,
            permissions: words(Table("permissions"), &row.permissions)?,
            holder_count: row.holder_count,
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
            version: row.version,
        })
    });
    roles.collect()
}

/// All roles, by name: there are few.
///
/// # Errors
/// As [`lookup`].
pub async fn list(tx: &mut Tx) -> Result<Vec<RoleListing>, DataError> {
    select(tx, None).await
}

/// The role of a name.
///
/// # Errors
/// [`DataError`] of the query, and [`DataError::Corrupt`] for a row that cannot be.
pub async fn lookup(tx: &mut Tx, name: &RoleName) -> Result<Option<RoleListing>, DataError> {
    Ok(select(tx, Some(name)).await?.pop())
}

/// The same, held until the transaction ends.
///
/// # Errors
/// As [`lookup`].
pub async fn lock(tx: &mut Tx, name: &RoleName) -> Result<Option<RoleListing>, DataError> {
    sqlx::query!("SELECT id FROM roles WHERE name = $1 FOR UPDATE", name.as_str())
        .fetch_optional(&mut *tx)
        .await?;
    lookup(tx, name).await
}

/// The ids of roles; a name that none has is left out.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn find_ids(tx: &mut Tx, wanted: &[RoleName]) -> Result<Vec<Uuid>, DataError> {
    let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
    let ids = sqlx::query_scalar!("SELECT id FROM roles WHERE name = ANY ($1)", wanted.as_slice());
    Ok(ids.fetch_all(&mut *tx).await?)
}

/// Adds a role; false where its name is taken.
///
/// # Errors
/// [`DataError::Denied`] for what the caller does not have, and those of the queries.
pub async fn add(tx: &mut Tx, name: &RoleName, details: &RoleDetails) -> Result<bool, DataError> {
    let added = sqlx::query!(
        "INSERT INTO roles (id, name, description) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
        Uuid::now_v7(),
        name.as_str(),
        &*details.description,
    );
    if added.execute(&mut *tx).await?.rows_affected() == 0 {
        return Ok(false);
    }
    allow(tx, name, &details.permissions).await?;
    Ok(true)
}

/// Changes a locked role: its version is raised also where only what it allows is another.
///
/// # Errors
/// [`DataError::Denied`] for what the caller does not have, and those of the queries.
pub async fn change(tx: &mut Tx, name: &RoleName, details: &RoleDetails) -> Result<(), DataError> {
    let changed = sqlx::query!(
        "UPDATE roles SET description = $2 WHERE name = $1",
        name.as_str(),
        &*details.description,
    );
    one(changed.execute(&mut *tx).await?.rows_affected())?;
    let kept = names(&details.permissions);
    sqlx::query!(
        "DELETE FROM role_permissions AS rp
        USING roles AS r, permissions AS p
        WHERE r.name = $1 AND rp.role_id = r.id AND p.id = rp.permission_id AND p.name <> ALL ($2)",
        name.as_str(),
        kept.as_slice(),
    )
    .execute(&mut *tx)
    .await?;
    allow(tx, name, &details.permissions).await
}

async fn allow(tx: &mut Tx, name: &RoleName, permissions: &[PermissionName]) -> Result<(), DataError> {
    let allowed = names(permissions);
    sqlx::query!(
        "INSERT INTO role_permissions (role_id, permission_id)
        SELECT r.id, p.id
        FROM roles AS r, permissions AS p
        WHERE r.name = $1 AND p.name = ANY ($2)
            AND NOT EXISTS (SELECT FROM role_permissions AS h WHERE h.role_id = r.id AND h.permission_id = p.id)",
        name.as_str(),
        allowed.as_slice(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Deletes a locked role, and takes it from all who hold it.
///
/// # Errors
/// [`DataError::Conflict`] where an announcement is for who holds it, [`DataError::NotFound`] where the policies keep it, and those of the
/// query.
pub async fn delete(tx: &mut Tx, name: &RoleName) -> Result<(), DataError> {
    let deleted = sqlx::query!("DELETE FROM roles WHERE name = $1", name.as_str());
    one(deleted.execute(&mut *tx).await?.rows_affected())
}

/// The roles of an account, those that have run out among them.
///
/// # Errors
/// [`DataError`] of the query, and [`DataError::Corrupt`] for a row that cannot be.
pub async fn held_by(tx: &mut Tx, person: UserId) -> Result<Grants, DataError> {
    let rows = sqlx::query!(
        "SELECT r.name, h.expires_at FROM user_roles AS h JOIN roles AS r ON r.id = h.role_id WHERE h.user_id = $1 ORDER BY r.name",
        person.as_uuid(),
    );
    let held = rows.fetch_all(&mut *tx).await?.into_iter().map(|row| {
        Ok(RoleGrant {
            role: TABLE.word(&row.name)?,
            expires_at: row.expires_at.map(Moment),
        })
    });
    Ok(Grants(held.collect::<Result<_, DataError>>()?))
}

/// What each role allows.
///
/// # Errors
/// As [`lookup`].
pub async fn allowed(tx: &mut Tx) -> Result<BTreeMap<RoleName, Powers>, DataError> {
    let roles = list(tx).await?.into_iter();
    Ok(roles
        .map(|role| (role.name, role.permissions.into_iter().collect()))
        .collect())
}

/// Brings a locked account from the roles that it holds to others: what is given before what is taken, so that an administrator whose end
/// is put off is one at any moment.
///
/// # Errors
/// [`DataError::Refused`] for the last administrator, [`DataError::Denied`] for a role that is not the caller's to give, and those of the
/// queries.
pub async fn replace(tx: &mut Tx, actor: UserId, person: UserId, wanted: &Grants) -> Result<(), DataError> {
    let roles: Vec<String> = wanted.0.iter().map(|grant| grant.role.to_string()).collect();
    let ends: Vec<_> = wanted
        .0
        .iter()
        .map(|grant| grant.expires_at.map(|at| at.0))
        .collect();
    sqlx::query!(
        "UPDATE user_roles AS h SET expires_at = w.until, granted_by = $2
        FROM roles AS r, unnest($3::text[], $4::timestamptz[]) AS w (name, until)
        WHERE h.user_id = $1 AND h.role_id = r.id AND r.name = w.name AND h.expires_at IS DISTINCT FROM w.until",
        person.as_uuid(),
        actor.as_uuid(),
        roles.as_slice(),
        ends.as_slice() as &[Option<time::OffsetDateTime>],
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "INSERT INTO user_roles (user_id, role_id, granted_by, expires_at)
        SELECT $1, r.id, $2, w.until
        FROM unnest($3::text[], $4::timestamptz[]) AS w (name, until)
        JOIN roles AS r ON r.name = w.name
        WHERE NOT EXISTS (SELECT FROM user_roles AS h WHERE h.user_id = $1 AND h.role_id = r.id)",
        person.as_uuid(),
        actor.as_uuid(),
        roles.as_slice(),
        ends.as_slice() as &[Option<time::OffsetDateTime>],
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "DELETE FROM user_roles AS h USING roles AS r WHERE h.user_id = $1 AND r.id = h.role_id AND r.name <> ALL ($2)",
        person.as_uuid(),
        roles.as_slice(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
