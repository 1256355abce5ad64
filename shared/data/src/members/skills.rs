//! The vocabulary of skills, and the skills of one member.

use portal_domain::ids::UserId;
use portal_domain::member::SkillSet;

use crate::{DataError, Tx};

/// A page of the vocabulary by name, of those skills whose names hold a text in any case.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_vocabulary(
    tx: &mut Tx,
    holding: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<String>, DataError> {
    // A few hundred short rows: no index would find a part of a word any sooner.
    let names = sqlx::query_scalar!(
        "SELECT name FROM skills
        WHERE ($1::text IS NULL OR position(lower($1) IN lower(name)) > 0)
          AND ($2::text IS NULL OR name > $2)
        ORDER BY name
        LIMIT $3",
        holding,
        after,
        limit,
    );
    Ok(names.fetch_all(&mut *tx).await?)
}

/// How many skills the vocabulary has whose names hold a text in any case.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count_vocabulary(tx: &mut Tx, holding: Option<&str>) -> Result<i64, DataError> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM skills WHERE $1::text IS NULL OR position(lower($1) IN lower(name)) > 0"#,
        holding,
    );
    Ok(count.fetch_one(&mut *tx).await?)
}

/// The places, from 0, of the skills that the vocabulary lacks.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn unknown_skills(tx: &mut Tx, skills: &SkillSet) -> Result<Vec<usize>, DataError> {
    let (names, _) = columns(skills);
    let known = sqlx::query_scalar!("SELECT name FROM skills WHERE name = ANY ($1)", &names)
        .fetch_all(&mut *tx)
        .await?;
    let unknown = names.iter().enumerate().filter(|(_, name)| !known.contains(name));
    Ok(unknown.map(|(place, _)| place).collect())
}

/// Makes these the skills of the caller. A skill that stays at its level stays verified; one at another level is a new claim.
///
/// # Errors
/// [`DataError::Conflict`] for a skill that the vocabulary lacks, [`DataError::Denied`] for another's account, and those of the
/// queries.
pub async fn replace_skills(tx: &mut Tx, user: UserId, skills: &SkillSet) -> Result<(), DataError> {
    let (names, levels) = columns(skills);
    sqlx::query!(
        "DELETE FROM user_skills
        WHERE user_id = $1
          AND (skill, level) NOT IN (SELECT name, level FROM unnest($2::text[], $3::text[]) AS kept (name, level))",
        user.as_uuid(),
        &names,
        &levels,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "INSERT INTO user_skills (user_id, skill, level)
        SELECT $1, name, level FROM unnest($2::text[], $3::text[]) AS claimed (name, level)
        ON CONFLICT (user_id, skill) DO NOTHING",
        user.as_uuid(),
        &names,
        &levels,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

fn columns(skills: &SkillSet) -> (Vec<String>, Vec<String>) {
    let claims = skills.claims().iter();
    claims
        .map(|claim| (claim.skill.to_string(), claim.level.to_string()))
        .unzip()
}
