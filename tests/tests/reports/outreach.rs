//! How far staff have come with firms.

use std::collections::BTreeSet;

use portal_data::reports::{self, Firms};
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::support::{House, NOW, SEEDS, all_cuts, maybe, moment, pick, random, sql, within};

const COUNTIES: [&str; 4] = ["Alameda", "Contra Costa", "El Dorado", "Yolo"];
const CLASSES: [&str; 5] = ["A", "B", "C-10", "C-8", "D-3"];
const STATUSES: [(&str, &str); 6] = [
    ("NEW", "new"),
    ("CONTACTED", "contacted"),
    ("INTERESTED", "interested"),
    ("NOT_INTERESTED", "notInterested"),
    ("JOINED", "joined"),
    ("DO_NOT_CONTACT", "doNotContact"),
];

struct Firm {
    county: Option<&'static str>,
    classes: Vec<&'static str>,
    member: bool,
    status: &'static str,
    changed: Option<OffsetDateTime>,
    removed: bool,
}

impl Firm {
    fn draw(random: &mut StdRng) -> Self {
        let classes = (0..random.random_range(0..4)).map(|_| pick(random, &CLASSES));
        Self {
            classes: classes.collect(),
            county: maybe(random, |random| pick(random, &COUNTIES)),
            member: random.random_bool(0.2),
            status: pick(random, &STATUSES).0,
            changed: maybe(random, moment),
            removed: random.random_bool(0.1),
        }
    }

    fn insertion(&self, number: usize, region: &str) -> String {
        format!(
            "INSERT INTO licences (license_number, region) VALUES ('{number}', '{region}');
            INSERT INTO california_contractors (license_number, region, business_name, primary_status, in_good_standing, county,
                classifications, is_namc_member, outreach_status, outreach_updated_at, removed_from_source_on)
            VALUES ('{number}', '{region}', 'F', 'CLEAR', true, {}, '{{{}}}', {}, '{}', {}, {});",
            sql(self.county),
            self.classes.join(","),
            self.member,
            self.status,
            sql(self.changed),
            sql(self.removed.then_some("2017-01-01")),
        )
    }
}

fn standings(firms: &[&Firm]) -> Value {
    let members = firms.iter().filter(|firm| firm.member).count();
    let mut standings = json!({
        "licences": firms.len(), "members": members, "notMembers": firms.len() - members,
    });
    for (status, name) in STATUSES {
        standings[name] = json!(firms.iter().filter(|firm| firm.status == status).count());
    }
    standings
}

/// The firms of each of these, with what it is called.
fn grouped<K: serde::Serialize>(
    name: &str,
    keys: impl IntoIterator<Item = K>,
    firms: &[&Firm],
    belongs: impl Fn(&Firm, &K) -> bool,
) -> Value {
    let groups = keys.into_iter().filter_map(|key| {
        let of_key: Vec<_> = firms.iter().copied().filter(|firm| belongs(firm, &key)).collect();
        let mut group = standings(&of_key);
        group[name] = json!(key);
        (!of_key.is_empty()).then_some(group)
    });
    Value::Array(groups.collect())
}

#[tokio::test]
async fn firms_count_where_they_are_by_what_they_do_and_when_they_were_spoken_with() {
    for seed in SEEDS {
        let random = &mut random(seed);
        let mut house = House::create().await;
        let firms: Vec<_> = (0..200).map(|_| Firm::draw(random)).collect();
        let numbered = firms.iter().enumerate();
        let statements = numbered.map(|(number, firm)| {
            let region = pick(random, &["NORTH", "SOUTH", "OUT_OF_STATE"]);
            firm.insertion(number + 1, region)
        });
        let statements: String = statements.collect();
        house.insert(&statements).await;
        for (classes, counties) in [
            (&[][..], &[][..]),
            (&["B", "C-10"][..], &[][..]),
            (&["A"][..], &["alameda", "YOLO"][..]),
        ] {
            let wanted = Firms {
                classes: classes.iter().map(ToString::to_string).collect(),
                counties: counties.iter().map(ToString::to_string).collect(),
            };
            let is_wanted = |firm: &&Firm| {
                let county = firm.county.map(str::to_lowercase);
                let there = |wanted: &&str| Some(wanted.to_lowercase()) == county;
                !firm.removed
                    && (classes.is_empty() || firm.classes.iter().any(|class| classes.contains(class)))
                    && (counties.is_empty() || counties.iter().any(there))
            };
            let there: Vec<_> = firms.iter().filter(is_wanted).collect();
            check(&house, &wanted, &there).await;
        }
    }
}

async fn check(house: &House, wanted: &Firms, firms: &[&Firm]) {
    for periods in all_cuts() {
        let report = house
            .report(async |tx| reports::outreach(tx, &periods, wanted, NOW).await)
            .await;
        assert_eq!(report["totals"], standings(firms), "{wanted:?}");
        let counties = COUNTIES.map(Some).into_iter().chain([None]);
        let by_county = grouped("county", counties, firms, |firm, county| firm.county == *county);
        assert_eq!(report["byCounty"], by_county, "{wanted:?}");
        let classes: BTreeSet<_> = CLASSES.into_iter().collect();
        let by_class = grouped("class", classes, firms, |firm, class| {
            firm.classes.contains(class)
        });
        assert_eq!(report["byClass"], by_class, "{wanted:?}");
        let expected = periods.spans().iter().map(|span| {
            let changed = firms
                .iter()
                .copied()
                .filter(|firm| firm.changed.is_some_and(|at| within(span, at)));
            let changed: Vec<_> = changed.collect();
            let standings = standings(&changed);
            json!({
                "from": span.first.to_string(), "to": span.last.to_string(), "changed": changed.len(),
                "contacted": standings["contacted"], "interested": standings["interested"],
                "notInterested": standings["notInterested"], "joined": standings["joined"],
                "doNotContact": standings["doNotContact"],
            })
        });
        assert_eq!(report["periods"], Value::Array(expected.collect()), "{wanted:?}");
    }
}
