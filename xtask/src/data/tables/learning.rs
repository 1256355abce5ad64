//! Courses, their modules, and who takes them.

use anyhow::Result;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::copy::Copy;
use super::series::{Row, different, id_at};
use super::world::World;
use crate::data::random::Random;
use crate::data::words::learning::{EDITIONS, SUBJECTS, Subject};

/// What modules, enrolments and payments need to know of a course.
struct Outline {
    row: Row,
    subject: Subject,
    is_published: bool,
    /// Cents, for a member.
    member_price: i64,
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
    Outline {
        row,
        subject,
        is_published,
        member_price,
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
        } = outline(world, index);
        let author = world.staff_member(&mut row);
        let random = &mut row.random;
        let title = format!("{}: {}", random.pick(subject.titles), random.pick(EDITIONS));
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
        for (at, taken) in enrollments(world, course).iter().enumerate() {
            let completed =
                (taken.status == "COMPLETED").then(|| (taken.at + Duration::days(25)).min(world.now));
            let certificate = completed.map(|day| format!("NAMC-{}-{course:05}-{at:04}", day.year()));
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
