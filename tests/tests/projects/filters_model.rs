//! Projects drawn at random, and the rule of every filter and order, said once more.

use portal_domain::geo::LatLng;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use sqlx::PgConnection;
use uuid::Uuid;

const STATUSES: [&str; 4] = ["PUBLISHED", "BIDDING_OPEN", "BIDDING_CLOSED", "AWARDED"];
const CATEGORIES: [&str; 3] = ["COMMERCIAL", "RENOVATION", "SPECIALTY"];
const CITIES: [&str; 3] = ["Oakland", "San José", "Ukiah"];
const SKILLS: [&str; 3] = ["Concrete", "Tile & Stone", "Roofing"];
const CLASSES: [&str; 3] = ["B", "C-10", "HAZ"];
/// Deadlines of which many are the same; none at all is the last.
const DEADLINES: [Option<&str>; 4] = [
    Some("2120-01-01T00:00:00Z"),
    Some("2120-06-01T12:00:00.000001Z"),
    Some("2119-01-01T00:00:00Z"),
    None,
];

#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) id: String,
    created: i64,
    status: &'static str,
    category: &'static str,
    city: &'static str,
    skills: Vec<&'static str>,
    classes: Vec<&'static str>,
    budget: (Option<i64>, Option<i64>),
    deadline: Option<&'static str>,
    place: LatLng,
}

fn some(random: &mut StdRng, words: &[&'static str]) -> Vec<&'static str> {
    words
        .iter()
        .copied()
        .filter(|_| random.random_bool(0.4))
        .collect()
}

pub(crate) fn draw(random: &mut StdRng) -> Drawn {
    let least: Option<i64> = random.random_bool(0.7).then(|| random.random_range(0..500));
    let most = random
        .random_bool(0.7)
        .then(|| least.unwrap_or(0) + random.random_range(0..500));
    let mut pick = |words: &[&'static str]| *words.choose(random).unwrap();
    let (status, category, city) = (pick(&STATUSES), pick(&CATEGORIES), pick(&CITIES));
    let mut thousandths = |range: std::ops::Range<i32>| f64::from(random.random_range(range)) / 1000.0;
    let place = LatLng::new(thousandths(-40_500..-39_500), thousandths(-110_500..-109_500)).unwrap();
    Drawn {
        id: Uuid::now_v7().to_string(),
        // Few moments, so that many tie.
        created: random.random_range(0..6),
        status,
        category,
        city,
        skills: some(random, &SKILLS),
        classes: some(random, &CLASSES),
        budget: (least, most),
        deadline: *DEADLINES.choose(random).unwrap(),
        place,
    }
}

pub(crate) async fn store(owner: &mut PgConnection, poster: Uuid, marker: &str, drawn: &Drawn) {
    sqlx::query(
        "INSERT INTO projects (id, owner_id, title, category, status, city, state, skills_required, license_classes, budget_min_cents,
            budget_max_cents, deadline_date, coordinates, created_at)
        VALUES ($1::uuid, $2, 'Hall ' || $3, $4, $5, $6, $3, $7, $8, $9, $10, $11::text::timestamptz, ST_Point($12, $13, 4326)::geography,
            '2021-01-01'::timestamptz + $14 * interval '1 microsecond')",
    )
    .bind(drawn.id.parse::<Uuid>().unwrap())
    .bind(poster)
    .bind(marker)
    .bind(drawn.category)
    .bind(drawn.status)
    .bind(drawn.city)
    .bind(&drawn.skills)
    .bind(&drawn.classes)
    .bind(drawn.budget.0)
    .bind(drawn.budget.1)
    .bind(drawn.deadline)
    .bind(drawn.place.lng())
    .bind(drawn.place.lat())
    .bind(drawn.created)
    .execute(owner)
    .await
    .unwrap();
}

/// One filter as it is asked for, and as the rule has it.
pub(crate) struct Filter {
    pub(crate) query: &'static str,
    pub(crate) takes: fn(&Drawn) -> bool,
}

pub(crate) const FILTERS: [Filter; 16] = [
    Filter {
        query: "category=COMMERCIAL",
        takes: |project| project.category == "COMMERCIAL",
    },
    Filter {
        query: "category=COMMERCIAL&category=SPECIALTY",
        takes: |project| project.category != "RENOVATION",
    },
    Filter {
        query: "city=oakland",
        takes: |project| project.city == "Oakland",
    },
    Filter {
        query: "city=SAN%20JOS%C3%89&city=%20Ukiah%20",
        takes: |project| project.city != "Oakland",
    },
    Filter {
        query: "skills=Concrete",
        takes: |project| project.skills.contains(&"Concrete"),
    },
    Filter {
        query: "skills=Tile%20%26%20Stone&skills=Roofing",
        takes: |project| project.skills.iter().any(|skill| *skill != "Concrete"),
    },
    Filter {
        query: "class=c10",
        takes: |project| project.classes.contains(&"C-10"),
    },
    Filter {
        query: "class=B&class=HAZ",
        takes: |project| project.classes.iter().any(|class| *class != "C-10"),
    },
    Filter {
        query: "budgetMinCents=400",
        takes: |project| {
            project
                .budget
                .1
                .or(project.budget.0)
                .is_some_and(|most| most >= 400)
        },
    },
    Filter {
        query: "budgetMaxCents=300",
        takes: |project| {
            project
                .budget
                .0
                .or(project.budget.1)
                .is_some_and(|least| least <= 300)
        },
    },
    Filter {
        query: "deadlineAfter=2120-01-01T00:00:00Z",
        takes: |project| project.deadline.is_some_and(|at| at > "2120-01-01T00:00:00Z"),
    },
    Filter {
        query: "deadlineBefore=2120-01-01T01:00:00%2B02:00",
        takes: |project| project.deadline.is_some_and(|at| at < "2119-12-31T23:00:00Z"),
    },
    Filter {
        query: "status=AWARDED",
        takes: |project| project.status == "AWARDED",
    },
    Filter {
        query: "status=BIDDING_OPEN&status=BIDDING_CLOSED&status=BIDDING_OPEN",
        takes: |project| project.status.starts_with("BIDDING"),
    },
    Filter {
        query: "bbox=-110.2,-40.3,-109.9,-39.9",
        takes: |project| {
            (-110.2..=-109.9).contains(&project.place.lng()) && (-40.3..=-39.9).contains(&project.place.lat())
        },
    },
    Filter {
        query: "budgetMinCents=0",
        takes: |project| project.budget != (None, None),
    },
];

pub(crate) fn takes(project: &Drawn, filters: &[&Filter]) -> bool {
    let current = ["PUBLISHED", "BIDDING_OPEN"].contains(&project.status);
    let any_status = filters.iter().any(|filter| filter.query.starts_with("status"));
    (current || any_status) && filters.iter().all(|filter| (filter.takes)(project))
}

/// The order of a list, said once more: by what, and then by the id.
pub(crate) fn ordered(projects: &mut [&Drawn], order: &str) {
    let middle = LatLng::new(-40.0, -110.0).unwrap();
    match order {
        "sort=newest" => {
            projects.sort_by(|one, other| (other.created, &other.id).cmp(&(one.created, &one.id)));
        }
        "sort=deadline" => {
            projects
                .sort_by_key(|project| (project.deadline.is_none(), project.deadline, project.id.clone()));
        }
        _ => projects.sort_by(|one, other| {
            let metres = |project: &Drawn| middle.distance_to(project.place).metres();
            metres(one)
                .total_cmp(&metres(other))
                .then_with(|| one.id.cmp(&other.id))
        }),
    }
}
