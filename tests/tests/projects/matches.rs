//! Open projects ranked for a member: which, in what order, with what parts and reasons.

use std::collections::BTreeMap;

use portal_domain::geo::LatLng;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::matches_model::Seeker;
use crate::people::{Person, ProjectCalls as _, new_poster};
use crate::support::{alter, give_skill, license, marker, owner};

const COUNT: usize = 40;

/// Far from everybody else's work.
const MIDDLE: (f64, f64) = (-33.0, 78.0);

struct Scene {
    marker: String,
    person: Person,
    seeker: Seeker,
    poster: Person,
}

/// A member of whom much is known.
async fn scene() -> Scene {
    let (marker, person, poster) = (marker(), Person::with(&["member"]).await, new_poster().await);
    let skills: Vec<_> = [
        ("a", "EXPERT"),
        ("b", "ADVANCED"),
        ("c", "INTERMEDIATE"),
        ("d", "BEGINNER"),
    ]
    .map(|(name, level)| (format!("{marker} {name}"), level))
    .to_vec();
    for (skill, level) in &skills {
        give_skill(person.id(), skill, level).await;
    }
    license(person.id(), &["B", "C-10"]).await;
    sqlx::query("UPDATE users SET coordinates = ST_Point($2, $3, 4326)::geography WHERE id = $1")
        .bind(person.id())
        .bind(MIDDLE.1)
        .bind(MIDDLE.0)
        .execute(&mut owner().await)
        .await
        .unwrap();
    let bids = vec![40_000, 100_000, 90_000];
    for bid in &bids {
        let project = poster.open(json!({})).await;
        person.bid(&project, *bid).await;
        poster.act(&project, "close").await;
    }
    let seeker = Seeker {
        place: Some(LatLng::new(MIDDLE.0, MIDDLE.1).unwrap()),
        skills,
        licence: Some((vec!["B", "C-10"], 8, true)),
        bids,
    };
    Scene {
        marker,
        person,
        seeker,
        poster,
    }
}

impl Scene {
    /// A project drawn at random, which the member finds by skill, class or place.
    fn draw(&self, random: &mut StdRng) -> Value {
        let skills = ["a", "b", "c", "d", "e", "f"].map(|name| format!("{} {name}", self.marker));
        let skills: Vec<_> = skills.into_iter().filter(|_| random.random_bool(0.4)).collect();
        let classes: Vec<_> = ["B", "C-10", "C-36"]
            .into_iter()
            .filter(|_| random.random_bool(0.3))
            .collect();
        let hundredth = |random: &mut StdRng| f64::from(random.random_range(-150..150)) / 100.0;
        let place = json!({"lat": MIDDLE.0 + hundredth(random), "lng": MIDDLE.1 + hundredth(random)});
        let least = random.random_range(0..200_000);
        let days = random.random_range(1..30);
        let deadline = OffsetDateTime::now_utc() + time::Duration::days(days) + time::Duration::hours(1);
        let deadline = deadline
            .replace_nanosecond(0)
            .unwrap()
            .format(&time::format_description::well_known::Rfc3339)
            .unwrap();
        let mut maybe = |value: Value| {
            if random.random_bool(0.6) {
                value
            } else {
                Value::Null
            }
        };
        json!({
            "title": format!("Hall {}", self.marker), "skillsRequired": skills, "licenseClasses": classes, "coordinates": place,
            "budgetMinCents": maybe(json!(least)), "budgetMaxCents": maybe(json!(least + 50_000)),
            "experienceYears": maybe(json!(days)), "bondingRequired": maybe(json!(true)) == json!(true), "deadlineDate": maybe(json!(deadline)),
        })
    }

    /// The matches that are of this scene, in their order; other tests' projects stand between them.
    async fn matches(&self, limit: usize) -> Vec<Value> {
        let title = format!("Hall {}", self.marker);
        let mut items = self
            .person
            .follow(&format!("/v1/projects/matches?limit={limit}"))
            .await;
        items.retain(|item| item["project"]["title"] == title);
        items
    }
}

fn near(got: &Value, expected: f64, tolerance: f64) -> bool {
    (got.as_f64().unwrap() - expected).abs() <= tolerance
}

#[tokio::test]
async fn the_ranking_equals_an_independent_computation() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let scene = scene().await;
    let mut projects = BTreeMap::new();
    for _ in 0..COUNT {
        let id = scene.poster.open(scene.draw(&mut random)).await;
        projects.insert(id.clone(), scene.poster.json(&format!("/v1/projects/{id}")).await);
    }
    let now = OffsetDateTime::now_utc();
    let items = scene.matches(100).await;
    assert_eq!(items.len(), COUNT);
    for item in &items {
        let project = &projects[item["project"]["id"].as_str().unwrap()];
        let parts = scene.seeker.parts(project, now);
        for (name, part) in parts.list() {
            // Each part is rounded to a tenth.
            assert!(near(&item["parts"][name], part, 0.0501), "{name} {part}: {item}");
        }
        let sum: f64 = parts
            .list()
            .iter()
            .map(|(name, _)| item["parts"][*name].as_f64().unwrap())
            .sum();
        assert!(
            near(&item["score"], sum, 1e-6) && near(&item["score"], parts.sum(), 0.31),
            "{item}"
        );
        check_words(item, project, &scene.seeker);
    }
    let order: Vec<_> = items
        .iter()
        .map(|item| {
            (
                -item["score"].as_f64().unwrap(),
                item["project"]["id"].as_str().unwrap(),
            )
        })
        .collect();
    assert!(
        order.is_sorted(),
        "the best first, and those that tie by their ids: {order:?}"
    );
    // Page by page it is the same list.
    assert_eq!(scene.matches(7).await, items);
}

/// The skills, classes and reasons that are named are those that count.
fn check_words(item: &Value, project: &Value, seeker: &Seeker) {
    let asked = project["skillsRequired"].as_array().unwrap().iter();
    let asked: Vec<&str> = asked.map(|skill| skill.as_str().unwrap()).collect();
    let has = |skill: &&str| seeker.skills.iter().any(|(name, _)| name == skill);
    let (mut matched, mut missing): (Vec<&str>, Vec<&str>) = asked.into_iter().partition(has);
    matched.sort_unstable();
    missing.sort_unstable();
    assert_eq!(item["matchedSkills"], json!(matched));
    assert_eq!(item["missingSkills"], json!(missing));
    let reasons = item["reasons"].to_string();
    let says = |words: &str, when: bool| assert_eq!(reasons.contains(words), when, "{words}: {item}");
    says("skills it asks for", !matched.is_empty());
    says("Your licence has a class", item["parts"]["class"] == 25.0);
    says(
        "miles from you",
        item["distanceMiles"].as_f64().is_some_and(|miles| miles <= 100.0),
    );
    says(
        "close to what you usually bid",
        item["parts"]["budget"].as_f64().unwrap() > 5.0,
    );
    let years = project["experienceYears"].as_i64().unwrap_or(0);
    says("your licence is 8 years old", (1..=8).contains(&years));
    says("It asks for a bond", project["bondingRequired"] == true);
}

#[tokio::test]
async fn what_a_member_cannot_bid_on_is_no_match() {
    let scene = scene().await;
    let fields = json!({
        "title": format!("Hall {}", scene.marker), "skillsRequired": [format!("{} a", scene.marker)], "maxApplications": 1,
    });
    let mut projects = Vec::new();
    for _ in 0..9 {
        projects.push(scene.poster.open(fields.clone()).await);
    }
    let [
        stays,
        bid_on,
        full,
        late,
        closed,
        private,
        foreign,
        own,
        withdrawn,
    ] = projects.as_slice()
    else {
        unreachable!()
    };
    assert_eq!(scene.matches(100).await.len(), 9);
    scene.person.bid(bid_on, 1).await;
    Person::with(&["member"]).await.bid(full, 1).await;
    alter("UPDATE projects SET deadline_date = now() WHERE id = $1", late).await;
    scene.poster.act(closed, "close").await;
    alter(
        "UPDATE projects SET visibility = 'PRIVATE' WHERE id = $1",
        private,
    )
    .await;
    alter(
        "UPDATE projects SET visibility = 'INVITE_ONLY' WHERE id = $1",
        foreign,
    )
    .await;
    let me = scene.person.id();
    alter(
        &format!("UPDATE projects SET owner_id = '{me}' WHERE id = $1"),
        own,
    )
    .await;
    let bid = scene.person.bid(withdrawn, 1).await;
    scene
        .person
        .post(&format!("/v1/applications/{bid}/withdraw"), &Value::Null)
        .await;
    let mut left: Vec<_> = scene
        .matches(100)
        .await
        .iter()
        .map(|item| item["project"]["id"].as_str().unwrap().to_owned())
        .collect();
    left.sort();
    let mut expected = vec![stays.clone(), withdrawn.clone()];
    expected.sort();
    assert_eq!(left, expected);
}

#[tokio::test]
async fn a_member_of_whom_nothing_is_known_finds_open_projects_too() {
    let (poster, newcomer) = (new_poster().await, Person::with(&["member"]).await);
    let project = poster.open(json!({})).await;
    let list = newcomer.json("/v1/projects/matches?limit=100").await;
    let items = list["items"].as_array().unwrap();
    let found = items.iter().find(|item| item["project"]["id"] == project);
    let found = found.expect("one of the newest");
    let halves =
        json!({"skills": 17.5, "class": 12.5, "distance": 10.0, "budget": 5.0, "capacity": 2.5, "time": 2.5});
    assert_eq!((&found["parts"], &found["score"]), (&halves, &json!(50.0)));
    assert_eq!(
        (&found["reasons"], &found["distanceMiles"]),
        (&json!([]), &Value::Null)
    );
}
