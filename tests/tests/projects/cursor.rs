//! A reader who follows the cursor while a thousand rows are added and changed sees every old row once.

use std::collections::HashMap;

use portal_tests::members::Member;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reqwest::StatusCode;
use serde_json::Value;

use crate::cursor_rows::{CASES, CHANGES, Case, OLD, number};
use crate::people::{Person, next_page};
use crate::support::owner;

/// How many pages the reader has, about.
const PAGES: i32 = 30;

/// Reads the list, and before each further page adds and changes rows.
async fn read(case: &Case, marker: &str, member: &Member, reader: &Person) -> Vec<Value> {
    let mut owner = owner().await;
    let mut random = StdRng::seed_from_u64(7);
    let (mut added, mut changed, mut items) = (0, 0, Vec::new());
    let limit = OLD / PAGES;
    let mut next = Some(format!("{}&limit={limit}", case.path.replace("{}", marker)));
    while let Some(path) = next {
        let reply = reader.get(&path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.body);
        items.extend(reply.body["items"].as_array().unwrap().clone());
        next = next_page(&reply);
        let batch = (CHANGES - added).min(CHANGES / (PAGES - 5));
        if batch > 0 {
            case.add(&mut owner, marker, OLD + added, OLD + added + batch - 1, member)
                .await;
            added += batch;
        }
        for _ in 0..(CHANGES - changed).min(CHANGES / (PAGES - 5)) {
            // Rows that were read, rows that will be, and new ones.
            let number = random.random_range(0..OLD + added);
            case.change(&mut owner, marker, number).await;
            changed += 1;
        }
    }
    assert_eq!(
        (added, changed),
        (CHANGES, CHANGES),
        "all of it happened while the list was read"
    );
    items
}

#[tokio::test]
async fn every_old_row_is_seen_once_while_a_thousand_rows_come_and_change() {
    let reader = Person::with(&["member"]).await;
    for case in CASES {
        let marker = number();
        let mut owner = owner().await;
        let name = format!("cursor-{}", uuid::Uuid::now_v7().simple());
        let member = Member::add(&mut owner, &name, &[]).await;
        case.add(&mut owner, &marker, 0, OLD - 1, &member).await;
        let items = read(case, &marker, &member, &reader).await;
        let mut seen: HashMap<&str, i32> = HashMap::new();
        for item in &items {
            *seen.entry(item[case.key].as_str().unwrap()).or_insert(0) += 1;
        }
        let twice: Vec<_> = seen.iter().filter(|(_, times)| **times != 1).collect();
        assert!(twice.is_empty(), "{}: {twice:?}", case.path);
        let old = case.old(&mut owner, &marker).await;
        assert_eq!(old.len(), usize::try_from(OLD).unwrap());
        let missing: Vec<_> = old
            .iter()
            .filter(|key| !seen.contains_key(key.as_str()))
            .collect();
        assert!(missing.is_empty(), "{}: {missing:?}", case.path);
        assert!(
            items.len() > old.len(),
            "{}: what comes behind the cursor's place is seen, too",
            case.path
        );
    }
}
