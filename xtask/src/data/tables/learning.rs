//! Courses, their modules, and who takes them.

use anyhow::Result;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::copy::Copy;
use super::series::{Row, different, id_at};
use super::world::World;
use crate::data::names::Person;
use crate::data::random::Random;
use crate::data::words::learning::{EDITIONS, SUBJECTS, Subject};

/// What modules, enrolments and payments need to know of a course.
struct Outline {
    row: Row,
    subject: Subject,
    is_published: bool,
    /// Cents, for a member.
    member_price: i64,
    author: Uuid,
    title: String,
}

/// Someone takes a course.
pub(super) struct Enrollment {
    pub(super) id: Uuid,
    pub(super) member: u64,
    pub(super) at: OffsetDateTime,
    /// Cents.
    pub(super) amount: i64,
    status: &'static str,
    /// Modules done.
    done: usize,
    modules: usize,
}

fn outline(world: &World, index: u64) -> Outline {
    let mut row = world.courses.row(index);
    let subject = row.random.pick(SUBJECTS);
    let is_published = row.random.chance(930);
    let member_price = row.random.pick(&[0, 0, 2_900, 4_900, 9_900, 19_900]);
    let author = world.staff_member(&mut row);
    let title = format!(
        "{}: {}",
        row.random.pick(subject.titles),
        row.random.pick(EDITIONS)
    );
    Outline {
        row,
        subject,
        is_published,
        member_price,
        author,
        title,
    }
}

/// Loads `courses`.
pub(super) async fn load_courses(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "courses");
    for index in 0..world.courses.count {
        let Outline {
            mut row,
            subject,
            is_published,
            member_price,
            author,
            title,
        } = outline(world, index);
        let random = &mut row.random;
        let topics = subject.modules.join(", ").to_lowercase();
        copy.row(&[
            ("id", &row.id),
            ("author_id", &author),
            ("title", &title),
            (
                "description",
                &format!("{} You will cover {topics}.", subject.promise),
            ),
            ("category", &subject.category),
            (
                "difficulty",
                &random.weighted(&[
                    (4, "BEGINNER"),
                    (4, "INTERMEDIATE"),
                    (2, "ADVANCED"),
                    (1, "EXPERT"),
                ]),
            ),
            ("duration_minutes", &(random.between(4..=40) * 30)),
            ("price_cents", &(member_price * 3 / 2)),
            ("member_price_cents", &member_price),
            ("completion_percent", &random.pick(&[100_i64, 100, 100, 80])),
            ("certificate_valid_months", &random.chance(400).then_some(24_i64)),
            ("is_published", &is_published),
            ("published_at", &is_published.then_some(row.at)),
            ("created_at", &row.at),
            ("updated_at", &row.at),
        ])
        .await?;
    }
    copy.finish().await
}

fn module_ids(world: &World, outline: &Outline) -> Vec<Uuid> {
    let random = &mut Random::for_row(world.seed, "modules", outline.row.index);
    outline
        .subject
        .modules
        .iter()
        .map(|_| id_at(outline.row.at, random))
        .collect()
}

/// Loads `course_modules`.
pub(super) async fn load_modules(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "course_modules");
    for index in 0..world.courses.count {
        let outline = outline(world, index);
        let random = &mut Random::for_row(world.seed, "module details", index);
        let modules = (1_u64..)
            .zip(module_ids(world, &outline))
            .zip(outline.subject.modules);
        for ((position, id), title) in modules {
            copy.row(&[
                ("id", &id),
                ("course_id", &outline.row.id),
                ("position", &position),
                ("title", title),
                (
                    "content",
                    &format!(
                        "{title}. {} Read the handout, then answer five questions.",
                        outline.subject.promise
                    ),
                ),
                ("duration_minutes", &random.between(15..=120)),
                ("is_required", &random.chance(900)),
                ("created_at", &outline.row.at),
                ("updated_at", &outline.row.at),
            ])
            .await?;
        }
    }
    copy.finish().await
}

/// How many take a course, in every five.
const LEARNERS: [u64; 5] = [10, 30, 60, 110, 190];

/// Who takes the course of this number.
pub(super) fn enrollments(world: &World, course: u64) -> Vec<Enrollment> {
    let outline = outline(world, course);
    if !outline.is_published {
        return Vec::new();
    }
    let random = &mut Random::for_row(world.seed, "enrollments", course);
    let count = random.pick(&LEARNERS).min(world.users.count / 2);
    let modules = outline.subject.modules.len();
    different(
        random,
        world.accounts_at(outline.row.at).max(count + 1),
        count,
        u64::MAX,
    )
    .into_iter()
    .map(|member| {
        let at = outline.row.at
            + Duration::seconds(random.between(0..=(world.now - outline.row.at).whole_seconds().max(0)));
        let status = random.weighted(&[
            (18, "ENROLLED"),
            (27, "IN_PROGRESS"),
            (45, "COMPLETED"),
            (10, "DROPPED"),
        ]);
        let some = 1 + usize::try_from(random.below(modules.max(2) as u64 - 1)).unwrap_or_default();
        let done = match status {
            "COMPLETED" => modules,
            "ENROLLED" => 0,
            _ => some,
        };
        Enrollment {
            id: id_at(at, random),
            member,
            at,
            amount: outline.member_price,
            status,
            done,
            modules,
        }
    })
    .collect()
}

/// Loads `course_enrollments`.
pub(super) async fn load_enrollments(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "course_enrollments");
    for course in 0..world.courses.count {
        let course_id = world.courses.id(course);
        let title = outline(world, course).title;
        let random = &mut Random::for_row(world.seed, "certificates", course);
        for taken in enrollments(world, course) {
            let completed =
                (taken.status == "COMPLETED").then(|| (taken.at + Duration::days(25)).min(world.now));
            let certificate = completed.map(|_| certificate_number(random));
            let holder = Person::draw(&mut world.users.row(taken.member).random);
            let holder = format!("{} {}", holder.given, holder.family);
            let percent = taken.done * 100 / taken.modules.max(1);
            copy.row(&[
                ("id", &taken.id),
                ("course_id", &course_id),
                ("user_id", &world.users.id(taken.member)),
                ("status", &taken.status),
                ("progress_percent", &(percent as u64)),
                ("amount_cents", &taken.amount),
                ("paid_at", &(taken.amount > 0).then_some(taken.at)),
                ("enrolled_at", &taken.at),
                ("completed_at", &completed),
                ("certificate_number", &certificate),
                ("certificate_holder", &completed.map(|_| holder.as_str())),
                ("certificate_course", &completed.map(|_| title.as_str())),
                (
                    "certificate_expires_at",
                    &completed
                        .filter(|_| course % 3 == 0)
                        .map(|day| day + Duration::days(730)),
                ),
                ("created_at", &taken.at),
                ("updated_at", &completed.unwrap_or(taken.at)),
            ])
            .await?;
        }
    }
    copy.finish().await
}

/// A number as `portal_domain::course::CertificateNumber` reads it. Made here, so that the data set depends on no other crate.
fn certificate_number(random: &mut Random) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut values: Vec<u64> = (0..15).map(|_| random.below(32)).collect();
    // Times the generator of GF(32) by x⁵ + x² + 1.
    let times = |value: u64| {
        let shifted = value << 1;
        if shifted & 32 == 0 {
            shifted
        } else {
            shifted ^ 0b10_0101
        }
    };
    values.push(values.iter().fold(0, |sum, value| times(sum ^ *value)));
    let characters = values.iter().map(|value| {
        let at = usize::try_from(*value).unwrap_or_default();
        char::from(ALPHABET.get(at).copied().unwrap_or(b'0'))
    });
    let characters: Vec<char> = characters.collect();
    let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// Loads `module_progress`.
pub(super) async fn load_progress(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "module_progress");
    for course in 0..world.courses.count {
        let modules = module_ids(world, &outline(world, course));
        for taken in enrollments(world, course) {
            for (days, module) in (1_i64..).zip(modules.iter().take(taken.done)) {
                let at = (taken.at + Duration::days(days * 3)).min(world.now);
                copy.row(&[
                    ("enrollment_id", &taken.id),
                    ("module_id", module),
                    ("percent", &100_i64),
                    ("completed_at", &at),
                    ("updated_at", &at),
                ])
                .await?;
            }
        }
    }
    copy.finish().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_certificates_have_their_check_digit() {
        let random = &mut Random::for_row(1, "certificates", 0);
        let first = certificate_number(random);
        assert_eq!(first.len(), 19);
        assert_ne!(certificate_number(random), first);
        // The sum over all characters, each by its weight, is nothing.
        let alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let values = first.chars().filter_map(|c| alphabet.find(c));
        let sum = values.fold(0, |sum: usize, value| {
            let shifted = sum << 1;
            (if shifted & 32 == 0 {
                shifted
            } else {
                shifted ^ 0b10_0101
            }) ^ value
        });
        assert_eq!(sum, 0);
    }
}
