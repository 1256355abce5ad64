//! A member's own profile, under the policies of the table.

use portal_domain::ids::UserId;
use portal_domain::listing::{Day, Moment, OwnProfile, WrittenProfile};
use portal_domain::member::MemberDetails;
use serde_json::Value;

use super::row::{TABLE, license, skills};
use crate::place::as_geography;
use crate::{DataError, Tx};

/// A profile as its owner sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionedProfile {
    /// What is shown.
    pub profile: OwnProfile,
    /// Counts the row's changes.
    pub version: i32,
}

/// Reads one account; `$lock` may say that nobody else is to change it meanwhile.
macro_rules! own {
    ($tx:expr, $user:expr, $lock:literal) => {{
        let row = sqlx::query!(
            r#"SELECT u.id, u.email, u.first_name, u.last_name, u.company, u.title, u.phone, u.street, u.city, u.state, u.zip,
                ST_Y(u.coordinates::geometry) AS lat, ST_X(u.coordinates::geometry) AS lng, u.member_type, u.member_since,
                u.membership_expires_at, u.approved_at IS NOT NULL AS "is_approved!", u.bio, u.website, u.linkedin,
                u.profile_image_key, u.certifications, u.languages, u.notification_preferences, u.field_visibility,
                u.contractor_license, u.created_at, u.updated_at, u.version,
                COALESCE((
                    SELECT jsonb_agg(jsonb_build_object('skill', k.skill, 'level', k.level, 'verified', k.verified) ORDER BY k.skill)
                    FROM user_skills AS k
                    WHERE k.user_id = u.id), '[]') AS "skills!"
            FROM users AS u
            WHERE u.id = $1 AND u.deleted_at IS NULL "#
                + $lock,
            $user.as_uuid(),
        )
        .fetch_optional(&mut *$tx)
        .await?;
        let Some(row) = row else { return Err(DataError::NotFound) };
        let written = WrittenProfile {
            first_name: row.first_name,
            last_name: row.last_name,
            company: row.company,
            title: row.title,
            phone: row.phone,
            street: row.street,
            city: row.city,
            state: row.state,
            zip: row.zip,
            coordinates: crate::place::from_columns(TABLE.0, row.lat, row.lng)?,
            bio: row.bio,
            website: row.website,
            linkedin: row.linkedin,
            certifications: array(row.certifications)?,
            languages: row.languages,
            notification_preferences: object(row.notification_preferences)?,
            field_visibility: serde_json::from_value(row.field_visibility).map_err(|error| TABLE.corrupt(&error))?,
        };
        let profile = OwnProfile {
            id: row.id.into(),
            email: row.email,
            member_type: TABLE.word(&row.member_type)?,
            member_since: row.member_since.map(Day),
            membership_expires_at: row.membership_expires_at.map(Moment),
            is_approved: row.is_approved,
            profile_image_key: row.profile_image_key,
            contractor_license: license(row.contractor_license.as_deref())?,
            skills: skills(row.skills)?,
            written,
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
        };
        Ok(VersionedProfile {
            profile,
            version: row.version,
        })
    }};
}

/// The profile of the caller.
///
/// # Errors
/// [`DataError::NotFound`] for another's account, and those of the query.
pub async fn lookup_own(tx: &mut Tx, user: UserId) -> Result<VersionedProfile, DataError> {
    own!(tx, user, "")
}

/// The same, which nobody else can change until the transaction ends.
///
/// # Errors
/// [`DataError::NotFound`] for another's account, and those of the query.
pub async fn lock_own(tx: &mut Tx, user: UserId) -> Result<VersionedProfile, DataError> {
    own!(tx, user, "FOR UPDATE OF u")
}

/// Writes what the caller says about themselves.
///
/// # Errors
/// [`DataError::NotFound`] for another's account, and those of the query.
pub async fn change(tx: &mut Tx, user: UserId, details: &MemberDetails) -> Result<(), DataError> {
    let languages: Vec<_> = details.languages.iter().map(ToString::to_string).collect();
    let json = |value: Result<Value, serde_json::Error>| value.map_err(|error| TABLE.corrupt(&error));
    let done = sqlx::query!(
        "UPDATE users
        SET first_name = $2, last_name = $3, company = $4, title = $5, phone = $6, street = $7, city = $8, state = $9, zip = $10,
            coordinates = $11::text::geography, bio = $12, website = $13, linkedin = $14, certifications = $15, languages = $16,
            notification_preferences = $17, field_visibility = $18
        WHERE id = $1 AND deleted_at IS NULL",
        user.as_uuid(),
        &*details.first_name,
        &*details.last_name,
        details.company.as_deref(),
        details.title.as_deref(),
        details.phone.as_deref(),
        details.street.as_deref(),
        details.city.as_deref(),
        details.state.as_deref(),
        details.zip.as_deref(),
        details.coordinates.map(as_geography),
        details.bio.as_deref(),
        details.website.as_deref(),
        details.linkedin.as_deref(),
        json(serde_json::to_value(&details.certifications))?,
        &languages,
        Value::Object(details.notification_preferences.topics().clone()),
        json(serde_json::to_value(details.field_visibility))?,
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(DataError::NotFound)
    }
}

fn array(value: Value) -> Result<Vec<Value>, DataError> {
    match value {
        Value::Array(entries) => Ok(entries),
        _ => Err(TABLE.corrupt(&"what should be an array is none")),
    }
}

fn object(value: Value) -> Result<serde_json::Map<String, Value>, DataError> {
    match value {
        Value::Object(entries) => Ok(entries),
        _ => Err(TABLE.corrupt(&"what should be an object is none")),
    }
}
