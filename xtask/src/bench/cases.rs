//! The requests that are measured: every class of the service levels, each with several kinds.

use super::people::People;
use super::report::{Class, Shape};
use super::stage::Stage;
use super::{reports, searches};
use crate::load::member::Member;
use crate::load::request::Request;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use sqlx::postgres::PgConnection;
use std::sync::Arc;

/// Places that members live at.
pub(super) const PLACES: &[(&str, &str, &str)] = &[
    ("37.7749", "-122.4194", "San Francisco"),
    ("37.8044", "-122.2712", "Oakland"),
    ("38.5816", "-121.4944", "Sacramento"),
    ("37.3382", "-121.8863", "San Jose"),
    ("36.7378", "-119.7871", "Fresno"),
    ("38.4404", "-122.7141", "Santa Rosa"),
];
/// Page 1,000 of 20, reached by pages of 100.
const PAGES: usize = 200;
/// How many single rows are asked for.
const ROWS: &str = "300";

/// One kind of request.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) class: Class,
    pub(super) shape: Shape,
    pub(super) requests: Vec<Request>,
    /// Scripts of the source design that answer the same question.
    pub(super) design: &'static [&'static str],
}

/// A case of one caller.
pub(super) fn case(
    name: &'static str,
    class: Class,
    shape: Shape,
    member: &Arc<Member>,
    paths: Vec<String>,
) -> Case {
    Case {
        name,
        class,
        shape,
        requests: paths
            .into_iter()
            .map(|path| Request::get(path).of(member))
            .collect(),
        design: &[],
    }
}

impl Case {
    /// The same beside scripts of the design.
    pub(super) fn beside(mut self, design: &'static [&'static str]) -> Self {
        self.design = design;
        self
    }
}

/// All of them, but those that no function of this bundle serves.
pub(super) async fn all(stage: &Stage<'_>, people: &People) -> Result<Vec<Case>> {
    let mut owner = stage.owner("primary").await?;
    let mut cases = rows(&mut owner, people).await?;
    cases.extend(lists(&people.member));
    cases.extend(near(&people.member));
    cases.extend(inboxes(people));
    cases.extend(searches::all(&mut owner, &people.member).await?);
    cases.extend(reports::all(&mut owner, people).await?);
    cases.push(late_page(stage, &people.member).await?);
    let served = |case: &Case| {
        let function = case
            .requests
            .first()
            .and_then(|request| stage.routes.function(request.path()));
        // `docs` answers what nobody serves.
        let served = function.is_some_and(|function| function != "docs");
        if !served {
            println!("     {} is left out: no function serves it", case.name);
        }
        served
    };
    cases.retain(served);
    for case in &cases {
        ensure!(
            !case.requests.is_empty(),
            "the data set has nothing for {}",
            case.name
        );
    }
    Ok(cases)
}

/// The first column of what a query finds.
pub(super) async fn column(owner: &mut PgConnection, query: &str) -> Result<Vec<String>> {
    let found = sqlx::query_scalar(query).fetch_all(owner).await;
    found.with_context(|| format!("{query} failed"))
}

async fn rows(owner: &mut PgConnection, people: &People) -> Result<Vec<Case>> {
    let firms = "SELECT license_number FROM california_contractors ORDER BY md5(license_number) LIMIT ";
    let projects = "SELECT id::text FROM projects WHERE status IN ('PUBLISHED', 'BIDDING_OPEN') AND visibility = 'PUBLIC' AND deleted_at IS NULL ORDER BY md5(id::text) LIMIT ";
    let members = "SELECT id::text FROM users WHERE is_active AND approved_at IS NOT NULL AND deleted_at IS NULL ORDER BY md5(id::text) LIMIT ";
    let events = "SELECT id::text FROM events WHERE status = 'REGISTRATION_OPEN' AND visibility = 'PUBLIC' AND deleted_at IS NULL ORDER BY md5(id::text) LIMIT ";
    let kinds = [
        ("contractor", Class::Single, "/v1/contractors/", firms),
        ("project", Class::Single, "/v1/projects/", projects),
        ("event", Class::Single, "/v1/events/", events),
        // With skills and the firm that the member has.
        ("member", Class::Join, "/v1/members/", members),
    ];
    let mut cases = Vec::new();
    for (name, class, path, query) in kinds {
        let ids = column(owner, &format!("{query}{ROWS}")).await?;
        let paths = ids.into_iter().map(|id| format!("{path}{id}")).collect();
        cases.push(case(name, class, Shape::Row, &people.member, paths));
    }
    Ok(cases)
}

fn lists(member: &Arc<Member>) -> Vec<Case> {
    let cities = || PLACES.iter().map(|(_, _, city)| city.replace(' ', "%20"));
    let of_cities = |beginnings: &[&str]| -> Vec<String> {
        let paths = beginnings
            .iter()
            .flat_map(|path| cities().map(move |city| format!("{path}{city}")));
        paths.collect()
    };
    let categories = ["RESIDENTIAL", "COMMERCIAL", "INFRASTRUCTURE", "RENOVATION"];
    let categories = categories.map(|kind| format!("/v1/projects?category={kind}&city="));
    let classes = ["B", "C-10", "C-36"].map(|class| format!("/v1/contractors?class={class}&city="));
    let list = |name, class, paths| case(name, class, Shape::List, member, paths);
    let one = |path: &str| vec![path.to_owned()];
    vec![
        list("projects_list", Class::Single, one("/v1/projects")).beside(&["cursor_projects"]),
        list(
            "projects_filter",
            Class::Single,
            of_cities(&categories.each_ref().map(String::as_str)),
        ),
        list(
            "contractors_filter",
            Class::Single,
            of_cities(&classes.each_ref().map(String::as_str)),
        ),
        list("members_list", Class::Join, one("/v1/members")),
        list("members_filter", Class::Join, of_cities(&["/v1/members?city="])),
        list("events_list", Class::Single, one("/v1/events")),
        list("courses_list", Class::Single, one("/v1/courses")),
        list("matches", Class::Join, one("/v1/projects/matches")),
    ]
}

fn near(member: &Arc<Member>) -> Vec<Case> {
    let at = |path: &str| -> Vec<String> {
        PLACES
            .iter()
            .map(|(lat, lng, _)| format!("{path}near={lat},{lng}&radiusMiles="))
            .collect()
    };
    let within = |paths: Vec<String>, rest: &str| -> Vec<String> {
        paths.into_iter().map(|path| path + rest).collect()
    };
    let list = |name, class, paths| case(name, class, Shape::List, member, paths);
    vec![
        list(
            "projects_near",
            Class::Single,
            within(at("/v1/projects/near?"), "50"),
        )
        .beside(&["radius_projects"]),
        list("members_near", Class::Join, within(at("/v1/members?"), "20")),
        list(
            "contractors_near",
            Class::Single,
            within(at("/v1/contractors?"), "20"),
        ),
        Case {
            shape: Shape::Other,
            ..list(
                "contractors_near_100",
                Class::Single,
                within(at("/v1/contractors?"), "20&notMember=true&limit=100"),
            )
            .beside(&["radius_contractors"])
        },
    ]
}

/// The fullest inbox, and an empty one.
fn inboxes(people: &People) -> Vec<Case> {
    let other = &people.busiest_counterpart;
    let of =
        |name, path: &str, member| case(name, Class::Single, Shape::Other, member, vec![path.to_owned()]);
    let thread = format!("/v1/conversations/{other}/messages");
    vec![
        of("conversations_full", "/v1/conversations", &people.full).beside(&["inbox"]),
        of("conversations_empty", "/v1/conversations", &people.empty),
        of("unread_full", "/v1/messages/unread", &people.full),
        of("unread_empty", "/v1/messages/unread", &people.empty),
        of("thread_full", &thread, &people.full),
        of("thread_empty", &thread, &people.empty),
    ]
}

/// Page 1,000 of all contractors, reached by following the list.
async fn late_page(stage: &Stage<'_>, member: &Arc<Member>) -> Result<Case> {
    let mut path = "/v1/contractors?limit=100".to_owned();
    let mut last = String::new();
    for _ in 0..PAGES {
        let answer = stage.ask(Request::get(path).of(member)).await?;
        let page = answer.json();
        // A small data set has fewer pages: the last is as good there.
        let Some(cursor) = page.get("nextCursor").and_then(Value::as_str) else {
            break;
        };
        last = cursor.to_owned();
        path = format!("/v1/contractors?limit=100&cursor={last}");
    }
    let paths = vec![format!("/v1/contractors?limit=20&cursor={last}")];
    Ok(
        case("contractors_page_1000", Class::Single, Shape::List, member, paths)
            .beside(&["page_contractors"]),
    )
}
