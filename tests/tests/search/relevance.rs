//! The judged queries of `fixtures/relevance.json`, over the demo set as it comes up. Other tests add rows of their own, so this one is
//! run by itself before them.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;
use sqlx::PgConnection;

use crate::support::{Asker, encoded, owner, refresh_dictionary};

const LEAST_MRR: f64 = 0.85;
const LEAST_RECALL: f64 = 0.90;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Judged {
    query: String,
    #[serde(default)]
    types: Vec<String>,
    signed_in: bool,
    kind: String,
    relevant: Vec<Relevant>,
}

#[derive(Debug, Deserialize)]
struct Relevant {
    #[serde(rename = "type")]
    kind: String,
    key: String,
    grade: u8,
}

/// How a query went: the reciprocal of the place of the first good row, and the share of the relevant ones among the first ten.
#[derive(Clone, Copy)]
struct Measured {
    reciprocal: f64,
    recall: f64,
}

impl Judged {
    fn path(&self) -> String {
        let types: Vec<_> = self.types.iter().map(|kind| kind.to_uppercase()).collect();
        let types = if types.is_empty() {
            String::new()
        } else {
            format!("&types={}", types.join(","))
        };
        format!("/v1/search?limit=10&q={}{types}", encoded(&self.query))
    }

    fn measure(&self, found: &[(String, String)]) -> Measured {
        let grades: HashMap<_, _> = self
            .relevant
            .iter()
            .map(|row| ((row.kind.as_str(), row.key.as_str()), row.grade))
            .collect();
        let grade = |(kind, key): &(String, String)| {
            grades
                .get(&(kind.as_str(), key.as_str()))
                .copied()
                .unwrap_or_default()
        };
        let first = found.iter().position(|row| grade(row) >= 2);
        let met: HashSet<_> = found.iter().filter(|row| grade(row) > 0).collect();
        Measured {
            reciprocal: first.map_or(0.0, |place| 1.0 / count(place + 1)),
            recall: count(met.len()) / count(self.relevant.len().min(10)),
        }
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

/// What stays of a row when the demo set is made on another day, by its id.
async fn keys(connection: &mut PgConnection) -> HashMap<String, String> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT license_number, license_number FROM california_contractors
         UNION ALL SELECT id::text, title FROM projects
         UNION ALL SELECT id::text, title FROM events
         UNION ALL SELECT id::text, title FROM courses
         UNION ALL SELECT id::text, concat_ws(', ', concat_ws(' ', first_name, last_name), NULLIF(company, '')) FROM users",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    rows.into_iter().collect()
}

async fn first_ten(asker: &Asker, judged: &Judged, keys: &HashMap<String, String>) -> Vec<(String, String)> {
    let list = asker.json(&judged.path()).await;
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| {
            let id = item["id"].as_str().unwrap();
            (item["type"].as_str().unwrap().to_lowercase(), keys[id].clone())
        })
        .collect()
}

fn mean(measured: &[Measured], of: impl Fn(&Measured) -> f64) -> f64 {
    measured.iter().map(of).sum::<f64>() / count(measured.len())
}

#[tokio::test]
#[ignore = "wants the demo set alone: `cargo xtask test` runs it before the others"]
async fn judged_queries_find_what_they_ought_to() {
    let judged: Vec<Judged> = serde_json::from_str(include_str!("../../fixtures/relevance.json")).unwrap();
    assert!(judged.len() >= 120);
    refresh_dictionary().await;
    let keys = keys(&mut owner().await).await;
    let (anybody, (_, member)) = (Asker::anybody(), Asker::with(&["member"]).await);
    let mut by_kind: BTreeMap<&str, Vec<Measured>> = BTreeMap::new();
    for query in &judged {
        let asker = if query.signed_in { &member } else { &anybody };
        let found = first_ten(asker, query, &keys).await;
        let measured = query.measure(&found);
        if measured.reciprocal < 0.5 || measured.recall < 0.7 {
            println!(
                "{:?} ({}): 1/{:.0}, recall {:.2}\n  found {found:?}\n  wanted {:?}",
                query.query,
                query.kind,
                1.0 / measured.reciprocal,
                measured.recall,
                query.relevant.iter().map(|row| &row.key).collect::<Vec<_>>()
            );
        }
        by_kind.entry(&query.kind).or_default().push(measured);
    }
    let all: Vec<_> = by_kind.values().flatten().copied().collect();
    by_kind.insert("all", all.clone());
    for (kind, measured) in &by_kind {
        let (mrr, recall) = (
            mean(measured, |one| one.reciprocal),
            mean(measured, |one| one.recall),
        );
        println!(
            "{kind:25} {:4} queries  MRR {mrr:.3}  recall@10 {recall:.3}",
            measured.len()
        );
    }
    assert!(mean(&all, |one| one.reciprocal) >= LEAST_MRR);
    assert!(mean(&all, |one| one.recall) >= LEAST_RECALL);
}
