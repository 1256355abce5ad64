//! The people whom a company's membership covers. A trigger refuses more than there are seats.

use portal_domain::email::EmailAddress;
use portal_domain::ids::{InvitationId, MembershipId, UserId};
use portal_domain::listing::{CoveredPerson, MembershipInvitation, Moment};
use uuid::Uuid;

use crate::single_row::one;
use crate::{DataError, Tx};

/// Whom the holder's membership covers, and who is invited, the first first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_people(tx: &mut Tx, holder: UserId) -> Result<Vec<CoveredPerson>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT p.user_id AS "id!", p.user_id AS "member?", NULLIF(concat_ws(' ', d.first_name, d.last_name), '') AS "name?",
            NULL AS "email?", p.created_at AS "created_at!"
        FROM membership_people AS p
        JOIN memberships AS m ON m.id = p.membership_id
        LEFT JOIN member_directory AS d ON d.id = p.user_id
        WHERE m.user_id = $1
        UNION ALL
        SELECT i.id, NULL, NULL, i.email, i.created_at
        FROM membership_invitations AS i
        JOIN memberships AS m ON m.id = i.membership_id
        WHERE m.user_id = $1
        ORDER BY 5, 1"#,
        holder.as_uuid()
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let people = rows.into_iter().map(|row| CoveredPerson {
        id: row.id,
        member_id: row.member.map(UserId::from),
        member_name: row.name,
        email: row.email,
        created_at: Moment(row.created_at),
    });
    Ok(people.collect())
}

/// Has the holder's membership cover a member, who is told.
///
/// # Errors
/// [`DataError::Refused`] when it covers nobody else, when its seats are taken, and when it covers the member already;
/// [`DataError::NotFound`] when there is no such member, and those of the queries.
pub async fn add_person(tx: &mut Tx, holder: UserId, member: UserId) -> Result<(), DataError> {
    let membership = latest(tx, holder).await?;
    let known = sqlx::query_scalar!(
        r#"SELECT 1 AS "one!" FROM member_directory WHERE id = $1"#,
        member.as_uuid()
    );
    known.fetch_one(&mut *tx).await?;
    let added = sqlx::query!(
        "INSERT INTO membership_people (membership_id, user_id) VALUES ($1, $2)",
        membership.as_uuid(),
        member.as_uuid(),
    );
    one(added.execute(&mut *tx).await?.rows_affected())?;
    tell(tx, membership, Some(member), None).await
}

/// Invites whoever has an address to be covered by the holder's membership, and writes there.
///
/// # Errors
/// As [`add_person`], but for unknown members.
pub async fn invite(tx: &mut Tx, holder: UserId, email: &EmailAddress) -> Result<InvitationId, DataError> {
    let membership = latest(tx, holder).await?;
    let id = Uuid::now_v7();
    let invited = sqlx::query!(
        "INSERT INTO membership_invitations (id, membership_id, email) VALUES ($1, $2, $3)",
        id,
        membership.as_uuid(),
        &**email,
    );
    one(invited.execute(&mut *tx).await?.rows_affected())?;
    tell(tx, membership, None, Some(email)).await?;
    Ok(id.into())
}

/// The holder's live membership that ends last; people are with the holder, whichever it is.
async fn latest(tx: &mut Tx, holder: UserId) -> Result<MembershipId, DataError> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM memberships
        WHERE user_id = $1 AND state IN ('ACTIVE', 'GRACE')
        ORDER BY ends_at DESC
        LIMIT 1",
        holder.as_uuid()
    );
    let id = id.fetch_optional(&mut *tx).await?;
    id.map(Into::into).ok_or_else(|| DataError::Refused {
        reason: "You hold no membership that could cover others.".to_owned(),
    })
}

async fn tell(
    tx: &mut Tx,
    membership: MembershipId,
    member: Option<UserId>,
    email: Option<&EmailAddress>,
) -> Result<(), DataError> {
    sqlx::query!(
        r#"SELECT app.notify_covered($1, $2, $3)::text AS "nothing""#,
        membership.as_uuid(),
        member.map(UserId::as_uuid),
        email.map(|email| &**email),
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}

/// Takes somebody out by the id that [`list_people`] gives: a member's, or an invitation's.
///
/// # Errors
/// [`DataError::NotFound`] when nobody is there by this id, and those of the queries.
pub async fn remove_person(tx: &mut Tx, holder: UserId, id: Uuid) -> Result<(), DataError> {
    let people = sqlx::query!(
        "DELETE FROM membership_people AS p USING memberships AS m
        WHERE m.id = p.membership_id AND m.user_id = $1 AND p.user_id = $2",
        holder.as_uuid(),
        id,
    );
    let people = people.execute(&mut *tx).await?.rows_affected();
    let invited = sqlx::query!(
        "DELETE FROM membership_invitations AS i USING memberships AS m
        WHERE m.id = i.membership_id AND m.user_id = $1 AND i.id = $2",
        holder.as_uuid(),
        id,
    );
    let invited = invited.execute(&mut *tx).await?.rows_affected();
    match people + invited {
        0 => Err(DataError::NotFound),
        _ => Ok(()),
    }
}

/// The invitations to the caller's own verified address.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_invitations(tx: &mut Tx) -> Result<Vec<MembershipInvitation>, DataError> {
    let rows = sqlx::query!(
        "SELECT id, email, created_at FROM membership_invitations
        WHERE lower(email) = (SELECT lower(u.email) FROM users AS u WHERE u.id = app.user_id()) AND app.is_invited(email)
        ORDER BY created_at, id"
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let invitations = rows.into_iter().map(|row| MembershipInvitation {
        id: row.id.into(),
        email: row.email,
        created_at: Moment(row.created_at),
    });
    Ok(invitations.collect())
}

/// Makes the caller one of the people of the membership that they are invited to.
///
/// # Errors
/// [`DataError::NotFound`] when there is no such invitation to the caller, [`DataError::Refused`] when the membership covers them already or
/// no longer covers others, and those of the query.
pub async fn accept(tx: &mut Tx, invitation: InvitationId) -> Result<(), DataError> {
    let accepted = sqlx::query_scalar!(
        r#"SELECT app.accept_membership($1) AS "accepted!""#,
        invitation.as_uuid()
    );
    if accepted.fetch_one(&mut *tx).await? {
        Ok(())
    } else {
        Err(DataError::NotFound)
    }
}
