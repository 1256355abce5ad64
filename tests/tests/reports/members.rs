//! Who came, stayed and left.

use portal_data::reports;
use portal_domain::report::Periods;
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::support::{
    House, NOW, SEEDS, all_cuts, id, maybe, moment, pick, random, share, sql, start_of, within,
};

struct Account {
    id: Uuid,
    made: OffsetDateTime,
    approved: Option<OffsetDateTime>,
    suspended: bool,
    deleted: bool,
    covered_until: Option<OffsetDateTime>,
    memberships: Vec<Membership>,
}

struct Membership {
    state: &'static str,
    begins: OffsetDateTime,
    ends: OffsetDateTime,
    grace_ends: Option<OffsetDateTime>,
}

impl Membership {
    fn draw(random: &mut StdRng) -> Self {
        let begins = moment(random);
        let ends = if random.random_bool(0.3) {
            moment(random).max(begins + Duration::HOUR)
        } else {
            begins + Duration::hours(random.random_range(1..2_000))
        };
        let grace = pick(random, &[0, 30, 30, 90]);
        Self {
            // Of the states in which periods of one member must not overlap there is none.
            state: pick(random, &["LAPSED", "REPLACED", "LAPSED", "CANCELLED"]),
            begins,
            ends,
            grace_ends: maybe(random, |_| ends + Duration::days(grace)),
        }
    }

    fn until(&self) -> OffsetDateTime {
        self.grace_ends.unwrap_or(self.ends)
    }
}

impl Account {
    fn draw(random: &mut StdRng) -> Self {
        let made = moment(random);
        let memberships = (0..random.random_range(0..5)).map(|_| Membership::draw(random));
        Self {
            memberships: memberships.collect(),
            id: id(),
            made,
            approved: maybe(random, moment),
            suspended: random.random_bool(0.1),
            deleted: random.random_bool(0.1),
            covered_until: maybe(random, moment),
        }
    }

    fn is_member(&self, at: OffsetDateTime) -> bool {
        let mut periods = self.periods();
        periods.any(|period| period.begins <= at && at < period.until())
    }

    /// Whether a membership had begun by then, whatever became of it.
    fn was_ever_member(&self, at: OffsetDateTime) -> bool {
        self.periods().any(|period| period.begins <= at)
    }

    fn periods(&self) -> impl Iterator<Item = &Membership> {
        self.memberships
            .iter()
            .filter(|period| period.state != "CANCELLED")
    }

    fn insertion(&self, tier: Uuid) -> String {
        let mut statements = format!(
            "INSERT INTO users (id, email, first_name, last_name, created_at, approved_at, suspended_at, is_active, deleted_at,
                membership_expires_at)
            VALUES ('{0}', '{0}@example.org', 'A', 'B', '{1}', {2}, {3}, {4}, {5}, {6});",
            self.id,
            self.made,
            sql(self.approved),
            sql(self.suspended.then_some(NOW)),
            !self.suspended,
            sql(self.deleted.then_some(NOW)),
            sql(self.covered_until),
        );
        for period in &self.memberships {
            statements += &format!(
                "INSERT INTO memberships (id, user_id, tier_id, state, starts_at, ends_at, grace_ends_at)
                VALUES ('{}', '{}', '{tier}', '{}', '{}', '{}', {});",
                id(),
                self.id,
                period.state,
                period.begins,
                period.ends,
                sql(period.grace_ends),
            );
        }
        statements
    }
}

/// What the report should say of each period.
fn counted(accounts: &[Account], periods: &Periods) -> Vec<Value> {
    let count = |wanted: &dyn Fn(&Account) -> bool| accounts.iter().filter(|one| wanted(one)).count();
    let spans = periods.spans().iter().map(|span| {
        // What is still to come is not known: it counts as now.
        let begin = start_of(span.first).min(NOW);
        let end = start_of(span.last.next_day().unwrap()).min(NOW);
        let (at_start, at_end) = (
            count(&|one| one.is_member(begin)),
            count(&|one| one.is_member(end)),
        );
        let came = |one: &Account| one.is_member(end) && !one.is_member(begin);
        let left = count(&|one| one.is_member(begin) && !one.is_member(end));
        let growth = i64::try_from(at_end).unwrap() - i64::try_from(at_start).unwrap();
        #[allow(clippy::cast_precision_loss)]
        let growth_rate = (at_start > 0).then(|| growth as f64 / at_start as f64);
        // Nothing was made or approved in the future.
        let happened = |moment: OffsetDateTime| within(span, moment) && moment < end;
        json!({
            "from": span.first.to_string(), "to": span.last.to_string(),
            "accounts": count(&|one| happened(one.made)),
            "approved": count(&|one| one.approved.is_some_and(happened)),
            "membersAtStart": at_start,
            "joined": count(&|one| came(one) && !one.was_ever_member(begin)),
            "returned": count(&|one| came(one) && one.was_ever_member(begin)),
            "left": left, "membersAtEnd": at_end, "growth": growth, "growthRate": growth_rate,
            "retentionRate": share(at_start - left, at_start),
            "churnRate": share(left, at_start),
        })
    });
    spans.collect()
}

#[tokio::test]
async fn members_are_those_of_whom_a_period_is_in_force() {
    for seed in SEEDS {
        let random = &mut random(seed);
        let mut house = House::create().await;
        let tier = id();
        house
            .insert(&format!(
                "INSERT INTO membership_tiers (id, name, price_cents, duration_months) VALUES ('{tier}', 'T', 1, 12)"
            ))
            .await;
        let accounts: Vec<_> = (0..60).map(|_| Account::draw(random)).collect();
        let statements: String = accounts.iter().map(|account| account.insertion(tier)).collect();
        house.insert(&statements).await;
        for periods in all_cuts() {
            let report = house
                .report(async |tx| reports::members(tx, &periods, NOW).await)
                .await;
            assert_eq!(
                report["periods"],
                json!(counted(&accounts, &periods)),
                "seed {seed}"
            );
        }
        check_now(&house, &accounts).await;
    }
}

async fn check_now(house: &House, accounts: &[Account]) {
    let report = house
        .report(async |tx| reports::members(tx, &all_cuts()[4], NOW).await)
        .await;
    let there: Vec<_> = accounts.iter().filter(|one| !one.deleted).collect();
    let count = |wanted: &dyn Fn(&Account) -> bool| there.iter().filter(|one| wanted(one)).count();
    let members: Vec<_> = accounts.iter().filter(|one| one.is_member(NOW)).collect();
    let is_paid = |one: &Account| {
        one.periods()
            .any(|period| period.begins <= NOW && NOW < period.ends)
    };
    let expected = json!({
        // And who reads it.
        "accounts": there.len() + 1,
        "awaitingApproval": count(&|one| one.approved.is_none()),
        "suspended": count(&|one| one.suspended),
        "members": members.len(),
        "inGrace": members.iter().filter(|one| !is_paid(one)).count(),
        "covered": count(&|one| one.covered_until.is_some_and(|until| until > NOW)),
    });
    assert_eq!(report["now"], expected);
}
