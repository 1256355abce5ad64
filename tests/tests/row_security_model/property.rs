//! The property: policies and model agree.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use portal_data::RequestContext;
use portal_domain::Caller;
use portal_tests::rows::{Row, Table, World, literal, tables};
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestCaseError, TestError, TestRunner};
use uuid::Uuid;

use crate::plan::{Person, Plan, build, plans, seed};
use crate::probe::{self, Ground};
use crate::rules::allows;
use crate::rules_of_work::{is_course_seen, sees_event, sees_project};
use crate::who::{Op, Question, Role, Who};

/// Whole rows that a role may insert only some columns of.
const INSERTED: &[(Role, &str, &[&str])] = &[
    (
        Role::Auth,
        "users",
        &["id", "email", "password_hash", "first_name", "last_name"],
    ),
    (
        Role::Api,
        "course_enrollments",
        &["id", "course_id", "user_id", "amount_cents"],
    ),
];

/// Changes that give a row away or decide over it: table, column, value; none stands for another member.
const MOVES: &[(&str, &str, Option<&str>)] = &[
    ("projects", "owner_id", None),
    ("events", "organizer_id", None),
    ("project_applications", "user_id", None),
    ("project_applications", "status", Some("APPROVED")),
    ("event_registrations", "status", Some("ATTENDED")),
    ("payments", "status", Some("PROCESSING")),
    ("payments", "status", Some("CANCELLED")),
    ("course_enrollments", "status", Some("DROPPED")),
    ("saved_searches", "user_id", None),
    ("secure_data", "user_id", None),
    ("conversations", "user_id", None),
    ("notification_settings", "user_id", None),
    ("member_feedback", "status", Some("CLOSED")),
    ("member_feedback", "status", Some("RESOLVED")),
];

/// One statement and what the model says of it.
struct Check {
    what: String,
    statement: String,
    /// Keys, or `done`; empty where nothing may come of it.
    expected: BTreeSet<String>,
}

/// All that one caller of one role is asked.
struct Survey<'a> {
    ground: &'a Ground,
    world: &'a World,
    role: Role,
    who: &'a Who,
    checks: Vec<Check>,
}

impl Survey<'_> {
    fn allows(&self, op: Op, row: &Row) -> bool {
        let question = Question {
            world: self.world,
            role: self.role,
            who: self.who,
            op,
            row,
        };
        allows(&question).unwrap_or_else(|| panic!("rules.rs has no rule for {}", row.table.name))
    }

    fn check(&mut self, what: String, statement: String, expected: BTreeSet<String>) {
        self.checks.push(Check {
            what,
            statement,
            expected,
        });
    }

    fn check_one(&mut self, what: String, statement: String, allowed: bool) {
        self.check(
            what,
            statement,
            allowed.then(|| "done".to_owned()).into_iter().collect(),
        );
    }

    fn look_at(&mut self, table: &'static Table, fresh: &[Row]) {
        let name = table.name;
        let (world, role) = (self.world, self.role);
        let rows: Vec<&Row> = world.of(name).collect();
        let keys: Vec<String> = rows.iter().map(|row| row.key()).collect();
        let those = |survey: &Self, op| {
            rows.iter()
                .filter(|row| survey.allows(op, row))
                .map(|row| row.key())
                .collect::<BTreeSet<_>>()
        };
        let (read, deleted) = (those(self, Op::Read), those(self, Op::Delete));
        self.check(format!("read {name}"), probe::read(name, table, &keys), read);
        self.check(format!("delete {name}"), probe::delete(table, &keys), deleted);
        for row in rows {
            let allowed = self.allows(Op::Update, row) && self.allows(Op::Become, row);
            self.check_one(
                format!("change {row:?}"),
                self.ground.touch(self.role, row),
                allowed,
            );
            for (_, column, value) in MOVES.iter().filter(|(of, ..)| *of == name && role == Role::Api) {
                self.check_move(row, column, *value);
            }
        }
        for row in fresh {
            let only = INSERTED
                .iter()
                .find(|(role, of, _)| *role == self.role && *of == name);
            let statement = row.insert(only.map(|(.., columns)| *columns)) + " RETURNING NULL::text[]";
            // RETURNING nothing of the row asks for no right to read it.
            self.check_one(format!("insert {row:?}"), statement, self.allows(Op::Insert, row));
        }
    }

    fn check_move(&mut self, row: &Row, column: &'static str, value: Option<&str>) {
        let other = self
            .world
            .members
            .iter()
            .map(Uuid::to_string)
            .find(|member| !row.is(column, member));
        let value = value.map(str::to_owned).or(other).unwrap();
        let becomes = row.with(column, &value);
        let allowed = self.allows(Op::Update, row)
            && self.allows(Op::Become, &becomes)
            && self.allows(Op::Read, &becomes);
        let statement = probe::update(row, column, &literal(Some(&value)));
        self.check_one(format!("make {column} {value} in {row:?}"), statement, allowed);
    }

    /// What lists read.
    fn look_through_views(&mut self) {
        type Rule = fn(&Question<'_>) -> bool;
        let views: [(&str, &str, Rule); 6] = [
            ("project_listings", "projects", |q| sees_project(q, Some(q.row))),
            ("event_listings", "events", |q| sees_event(q, Some(q.row))),
            ("course_listings", "courses", |q| is_course_seen(q, Some(q.row))),
            ("contractor_listings", "california_contractors", |_| true),
            ("contractor_outreach", "california_contractors", |q| {
                q.has("contractors.outreach")
            }),
            ("member_directory", "users", |q| {
                let approved = q.row.get("approved_at").is_some() && q.row.get("deleted_at").is_none();
                q.signed_in() && q.row.is("is_active", "true") && approved
            }),
        ];
        for (view, name, rule) in views {
            let table = portal_tests::rows::table(name);
            let keys: Vec<String> = self.world.of(name).map(Row::key).collect();
            let seen = |row: &&Row| {
                let question = Question {
                    world: self.world,
                    role: self.role,
                    who: self.who,
                    op: Op::Read,
                    row,
                };
                self.role != Role::Auth && rule(&question)
            };
            let expected = self.world.of(name).filter(seen).map(Row::key).collect();
            self.check(format!("read {view}"), probe::read(view, table, &keys), expected);
        }
    }
}

/// Asks everything that a plan gives rise to; the differences.
async fn compare(ground: &mut Ground, plan: &Plan) -> Vec<String> {
    let (world, people) = build(&mut ground.owner, plan).await;
    let stranger = Person {
        session: Uuid::nil(),
        who: Who::default(),
    };
    let mut differences = Vec::new();
    for (role, database) in &ground.roles {
        // Jobs act for nobody, and sign-in mostly for whom it does not know yet.
        let callers: Vec<&Person> = match role {
            Role::Jobs => vec![&stranger],
            Role::Auth => people.iter().take(1).chain([&stranger]).collect(),
            Role::Api | Role::Admin => people.iter().chain([&stranger]).collect(),
        };
        for person in callers {
            let mut survey = Survey {
                ground,
                world: &world,
                role: *role,
                who: &person.who,
                checks: Vec::new(),
            };
            for (number, table) in tables().enumerate() {
                let fresh: Vec<Row> = plan
                    .rounds
                    .iter()
                    .map(|round| table.draw(&world, seed(!*round, number)))
                    .collect();
                survey.look_at(table, &fresh);
            }
            survey.look_through_views();
            let statements: Vec<String> = survey
                .checks
                .iter()
                .map(|check| check.statement.clone())
                .collect();
            let mut context = RequestContext::new(Uuid::now_v7(), caller(person));
            context.timeout = Duration::from_secs(60);
            let answers = probe::ask(database, &context, &statements).await;
            for (check, answer) in survey.checks.iter().zip(answers) {
                let found: BTreeSet<String> = answer.unwrap_or_default().into_iter().collect();
                if found != check.expected {
                    differences.push(format!(
                        "{} as {:?}: {}\n  the model says {:?}, the policies {found:?}",
                        role.name(),
                        person.who,
                        check.what,
                        check.expected
                    ));
                }
            }
        }
    }
    differences
}

fn caller(person: &Person) -> Caller {
    person
        .who
        .member
        .map_or(Caller::Anonymous, |member| Caller::Member {
            user_id: member.into(),
            session_id: person.session.into(),
        })
}

#[test]
fn policies_and_model_agree() {
    let variable = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seconds = Duration::from_secs(variable("PORTAL_MODEL_SECONDS").unwrap_or(25));
    let seed = variable("PORTAL_MODEL_SEED").unwrap_or_else(rand::random);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ground = std::cell::RefCell::new(runtime.block_on(Ground::create()));
    let started = Instant::now();
    let cases = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config {
        cases: 1_000,
        // What a case has put in stays, and a smaller one would put some of it in again.
        max_shrink_iters: 0,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    });
    let outcome = runner.run(&plans(), |plan| {
        // What is left of the cases when the time is up counts as nothing.
        if started.elapsed() > seconds {
            return Ok(());
        }
        let differences = runtime.block_on(compare(&mut ground.borrow_mut(), &plan));
        cases.set(cases.get() + 1);
        match differences.is_empty() {
            true => Ok(()),
            false => Err(TestCaseError::fail(differences.join("\n"))),
        }
    });
    if let Err(TestError::Fail(reason, plan)) = outcome {
        panic!("PORTAL_MODEL_SEED={seed} repeats this.\n{reason}\nthe case: {plan:#?}");
    }
    assert!(
        cases.get() >= 3,
        "only {} cases in {seconds:?}: give it more time",
        cases.get()
    );
    println!("{} cases, PORTAL_MODEL_SEED={seed}", cases.get());
}
