//! What was posted, bid and awarded.

use std::collections::BTreeSet;

use portal_data::reports;
use portal_domain::project::ProjectStatus;
use portal_domain::report::Periods;
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::support::{House, NOW, SEEDS, all_cuts, id, maybe, moment, pick, random, share, sql, within};

struct Project {
    id: Uuid,
    status: ProjectStatus,
    created: OffsetDateTime,
    published: Option<OffsetDateTime>,
    closed: Option<OffsetDateTime>,
    deleted: bool,
    bids: usize,
    value: Option<i64>,
    currency: &'static str,
}

struct Bid {
    project: Uuid,
    bidder: Uuid,
    status: &'static str,
    made: OffsetDateTime,
    reviewed: Option<OffsetDateTime>,
    cents: Option<i64>,
    currency: &'static str,
}

impl Project {
    fn draw(random: &mut StdRng) -> Self {
        Self {
            id: id(),
            status: pick(random, ProjectStatus::ALL),
            created: moment(random),
            published: maybe(random, moment),
            closed: maybe(random, moment),
            deleted: random.random_bool(0.1),
            bids: random.random_range(0..9),
            value: maybe(random, |random| random.random_range(0..9_000_000)),
            currency: pick(random, &["USD", "USD", "USD", "CAD"]),
        }
    }

    fn insertion(&self, owner: Uuid) -> String {
        format!(
            "INSERT INTO projects (id, owner_id, title, category, status, created_at, published_at, closed_at, deleted_at,
                application_count, estimated_value_cents, currency)
            VALUES ('{}', '{owner}', 'P', 'COMMERCIAL', '{}', '{}', {}, {}, {}, {}, {}, '{}');",
            self.id,
            self.status,
            self.created,
            sql(self.published),
            sql(self.closed),
            sql(self.deleted.then_some(NOW)),
            self.bids,
            sql(self.value),
            self.currency,
        )
    }
}

impl Bid {
    fn draw(random: &mut StdRng, project: Uuid, bidder: Uuid) -> Self {
        Self {
            project,
            bidder,
            status: pick(
                random,
                &["PENDING", "REVIEWING", "APPROVED", "REJECTED", "WITHDRAWN"],
            ),
            made: moment(random),
            reviewed: maybe(random, moment),
            cents: maybe(random, |random| random.random_range(0..500_000)),
            currency: pick(random, &["USD", "USD", "CAD"]),
        }
    }

    fn insertion(&self) -> String {
        format!(
            "INSERT INTO project_applications (id, project_id, user_id, status, submitted_at, reviewed_at, bid_amount_cents, currency)
            VALUES ('{}', '{}', '{}', '{}', '{}', {}, {}, '{}');",
            id(),
            self.project,
            self.bidder,
            self.status,
            self.made,
            sql(self.reviewed),
            sql(self.cents),
            self.currency,
        )
    }
}

fn counted(projects: &[Project], bids: &[Bid], periods: &Periods) -> Vec<Value> {
    let spans = periods.spans().iter().map(|span| {
        let there = || projects.iter().filter(|one| !one.deleted);
        let is_in = |moment: Option<OffsetDateTime>| moment.is_some_and(|moment| within(span, moment));
        let published: Vec<_> = there().filter(|one| is_in(one.published)).collect();
        let of_status = |wanted: &[ProjectStatus]| {
            let of_them = published.iter().filter(|one| wanted.contains(&one.status));
            of_them.count()
        };
        let awarded = of_status(&[ProjectStatus::Awarded, ProjectStatus::Completed]);
        let cancelled = of_status(&[ProjectStatus::Cancelled]);
        // Bids go with their projects.
        let gone: BTreeSet<_> = projects
            .iter()
            .filter(|one| one.deleted)
            .map(|one| one.id)
            .collect();
        let bids = || bids.iter().filter(|bid| !gone.contains(&bid.project));
        let made: Vec<_> = bids().filter(|bid| within(span, bid.made)).collect();
        let bidders: BTreeSet<_> = made.iter().map(|bid| bid.bidder).collect();
        let chosen: Vec<_> = bids()
            .filter(|bid| bid.status == "APPROVED" && is_in(bid.reviewed))
            .collect();
        let dollars = chosen.iter().filter(|bid| bid.currency == "USD");
        json!({
            "from": span.first.to_string(), "to": span.last.to_string(),
            "created": there().filter(|one| is_in(Some(one.created))).count(),
            "published": published.len(),
            "closed": there().filter(|one| is_in(one.closed)).count(),
            "bids": made.len(), "bidders": bidders.len(), "awards": chosen.len(),
            "awardedCents": dollars.filter_map(|bid| bid.cents).sum::<i64>(),
            "awardedProjects": awarded, "cancelledProjects": cancelled,
            "awardRate": share(awarded, awarded + cancelled),
            "bidsPerProject": share(published.iter().map(|one| one.bids).sum(), published.len()),
        })
    });
    spans.collect()
}

fn pipeline(projects: &[Project]) -> Vec<Value> {
    let steps = ProjectStatus::ALL.iter().map(|status| {
        let there = projects
            .iter()
            .filter(|one| !one.deleted && one.status == *status);
        let there: Vec<_> = there.collect();
        let dollars = there.iter().filter(|one| one.currency == "USD");
        json!({
            "status": status, "projects": there.len(),
            "estimatedValueCents": dollars.filter_map(|one| one.value).sum::<i64>(),
            "bids": there.iter().map(|one| one.bids).sum::<usize>(),
        })
    });
    steps.collect()
}

#[tokio::test]
async fn projects_and_bids_count_where_they_happened() {
    for seed in SEEDS {
        let random = &mut random(seed);
        let mut house = House::create().await;
        let owner = house.staff.id;
        let projects: Vec<_> = (0..50).map(|_| Project::draw(random)).collect();
        let bidders: Vec<_> = (0..12).map(|_| id()).collect();
        let mut bids = Vec::new();
        for project in &projects {
            for bidder in &bidders {
                if random.random_bool(0.3) {
                    bids.push(Bid::draw(random, project.id, *bidder));
                }
            }
        }
        let statements = projects.iter().map(|project| project.insertion(owner));
        let statements: String = statements.chain(bids.iter().map(Bid::insertion)).collect();
        house.insert(&statements).await;
        for periods in all_cuts() {
            let report = house
                .report(async |tx| reports::projects(tx, &periods, NOW).await)
                .await;
            assert_eq!(
                report["periods"],
                json!(counted(&projects, &bids, &periods)),
                "seed {seed}"
            );
            assert_eq!(report["pipeline"], json!(pipeline(&projects)), "seed {seed}");
        }
    }
}
