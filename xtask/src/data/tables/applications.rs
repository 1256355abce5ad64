//! Bids, and the history of each.

use anyhow::Result;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::copy::Copy;
use super::people::trade_of;
use super::projects::{Outline, outline};
use super::series::{different, id_at};
use super::world::World;
use crate::data::random::Random;
use crate::data::text::uncapitalised;

/// A bid.
pub(super) struct Application {
    id: Uuid,
    /// Who bids, as a number.
    pub(super) bidder: u64,
    status: &'static str,
    at: OffsetDateTime,
    decided_at: Option<OffsetDateTime>,
    bid: i64,
}

impl Application {
    /// Whether the bid takes one of the project's places.
    pub(super) fn counts(&self) -> bool {
        self.status != "WITHDRAWN"
    }
}

/// How many bid, in every ten projects that take bids: few for most, many for some.
const BIDDERS: [u64; 10] = [0, 0, 1, 1, 2, 2, 3, 4, 6, 12];

/// The bids for a project; none before bidding opens.
pub(super) fn applications(world: &World, outline: &mut Outline) -> Vec<Application> {
    let Some(opened) = outline.published_at.filter(|_| outline.status != "PUBLISHED") else {
        return Vec::new();
    };
    let random = &mut Random::for_row(world.seed, "bids", outline.row.index);
    let wanted = random.pick(&BIDDERS);
    let accounts = world.accounts_at(opened).max(wanted + 2);
    let bidders = different(random, accounts, wanted, outline.owner);
    // One bid wins where the work was given to somebody.
    let winner = matches!(outline.status, "AWARDED" | "COMPLETED").then_some(0);
    let last = outline.deadline.min(world.now);
    bidders
        .iter()
        .enumerate()
        .map(|(at, bidder)| {
            let status = status(random, outline.status, winner == Some(at));
            let seconds = random.between(0..=(last - opened).whole_seconds().max(0));
            let submitted = opened + Duration::seconds(seconds);
            let decided_at = (!matches!(status, "PENDING"))
                .then(|| (submitted.max(last) + Duration::hours(random.between(1..=200))).min(world.now));
            let spread = random.between(85..=125);
            Application {
                id: id_at(submitted, random),
                bidder: *bidder,
                status,
                at: submitted,
                decided_at,
                bid: outline.budget.0 / 100 * spread,
            }
        })
        .collect()
}

fn status(random: &mut Random, project: &str, wins: bool) -> &'static str {
    match project {
        _ if wins => "APPROVED",
        "BIDDING_OPEN" => random.weighted(&[(90, "PENDING"), (10, "WITHDRAWN")]),
        "BIDDING_CLOSED" => random.weighted(&[
            (30, "PENDING"),
            (55, "REVIEWING"),
            (10, "REJECTED"),
            (5, "WITHDRAWN"),
        ]),
        "CANCELLED" => random.weighted(&[(60, "REJECTED"), (40, "WITHDRAWN")]),
        _ => random.weighted(&[(93, "REJECTED"), (7, "WITHDRAWN")]),
    }
}

/// Loads `project_applications`.
pub(super) async fn load_applications(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "project_applications");
    for index in 0..world.projects.count {
        let mut outline = outline(world, index);
        for bid in applications(world, &mut outline) {
            application(world, &outline, &bid, &mut copy).await?;
        }
    }
    copy.finish().await
}

async fn application(world: &World, outline: &Outline, bid: &Application, copy: &mut Copy<'_>) -> Result<()> {
    let random = &mut Random::for_row(world.seed, "letter", bid.id.as_u64_pair().1);
    let trade = trade_of(world, bid.bidder);
    let reviewed = matches!(bid.status, "REVIEWING" | "APPROVED" | "REJECTED");
    let withdrawn_at = bid.decided_at.filter(|_| bid.status == "WITHDRAWN");
    copy.row(&[
        ("id", &bid.id),
        ("project_id", &outline.row.id),
        ("user_id", &world.users.id(bid.bidder)),
        ("bid_amount_cents", &bid.bid),
        ("cover_letter", &letter(random, trade.name, outline)),
        ("proposal", &proposal(random)),
        ("status", &bid.status),
        ("submitted_at", &bid.at),
        ("withdrawn_at", &withdrawn_at),
        ("reviewed_by", &reviewed.then(|| world.users.id(outline.owner))),
        ("reviewed_at", &bid.decided_at.filter(|_| reviewed)),
        (
            "notes",
            &(reviewed && random.chance(400)).then(|| random.pick(NOTES)),
        ),
        ("created_at", &bid.at),
        ("updated_at", &bid.decided_at.unwrap_or(bid.at)),
    ])
    .await
}

const NOTES: &[&str] = &[
    "Strong references",
    "Price is high",
    "Schedule does not fit",
    "Interview on Monday",
    "Bond is too small",
];

fn letter(random: &mut Random, trade: &str, outline: &Outline) -> String {
    let work = uncapitalised(outline.work.title);
    let years = 2 + random.below(30);
    format!(
        "We are a {trade} firm with {years} years of experience and would like to do the {work}. Our crew is ready."
    )
}

fn proposal(random: &mut Random) -> String {
    let (weeks, crew) = (2 + random.below(40), 3 + random.below(18));
    format!(
        "{weeks} weeks with a crew of {crew}; materials at cost plus {} per cent.",
        6 + random.below(12)
    )
}

/// Loads `application_events`: each bid was sent, and some were decided on.
pub(super) async fn load_history(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "application_events");
    for index in 0..world.projects.count {
        let mut outline = outline(world, index);
        let random = &mut Random::for_row(world.seed, "bid history", index);
        for bid in applications(world, &mut outline) {
            let sent = ("PENDING", None::<&str>, bid.at, world.users.id(bid.bidder));
            let actor = if bid.status == "WITHDRAWN" {
                bid.bidder
            } else {
                outline.owner
            };
            let decided = bid
                .decided_at
                .map(|at| (bid.status, Some("PENDING"), at, world.users.id(actor)));
            for (to, from, at, actor) in std::iter::once(sent).chain(decided) {
                copy.row(&[
                    ("id", &id_at(at, random)),
                    ("application_id", &bid.id),
                    ("from_status", &from),
                    ("to_status", &to),
                    ("actor_id", &actor),
                    ("created_at", &at),
                ])
                .await?;
            }
        }
    }
    copy.finish().await
}
