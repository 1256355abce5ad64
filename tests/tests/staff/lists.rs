//! Lists of accounts, compared with what they should be, worked out in memory.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reqwest::{Method, StatusCode};

use crate::lists_model::{Asked, accounts, expected};
use crate::people::{new_administrator, next_page};
use crate::support::{each, marker};

#[tokio::test]
async fn lists_show_what_they_are_asked_for_in_order_and_once() {
    let seed = rand::random();
    let mut random = StdRng::seed_from_u64(seed);
    let (staff, word) = (new_administrator().await, marker());
    let accounts = accounts(&mut random, &word).await;
    let mut seen = 0;
    for _ in 0..40 {
        let asked = Asked::draw(&mut random, &word);
        let limit = random.random_range(1..12);
        let path = format!("/v1/admin/users?{}&limit={limit}", asked.query());
        let found = each(&staff.follow(&path).await, "/id");
        assert_eq!(found, expected(&accounts, &asked), "seed {seed}: {path}");
        seen += found.len();
        let counted = staff.json(&format!("{path}&count=exact")).await;
        assert_eq!(counted["total"], found.len(), "seed {seed}: {path}");
    }
    assert!(seen > 0, "seed {seed}");
}

#[tokio::test]
async fn a_table_holds_the_whole_list_and_defuses_what_a_spreadsheet_would_run() {
    let mut random = StdRng::seed_from_u64(rand::random());
    let (staff, word) = (new_administrator().await, marker());
    let accounts = accounts(&mut random, &word).await;
    crate::support::run(&format!(
        "UPDATE users SET company = '=cmd|''/C calc''!A0' WHERE last_name LIKE '{word}%' AND deleted_at IS NULL"
    ))
    .await;
    let asked = Asked {
        words: vec![word.clone()],
        ..Asked::default()
    };
    let newest = portal_tests::primary::newest_write().await;
    let headers = [("accept", "text/csv"), ("portal-consistency", newest.as_str())];
    let path = format!("/v1/admin/users?{}", asked.query());
    let table = staff.send(Method::GET, &path, None, &headers).await;
    assert_eq!(table.status, StatusCode::OK);
    assert!(table.header("content-type").starts_with("text/csv"));
    assert!(next_page(&table).is_none());
    let text = String::from_utf8(table.bytes).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    assert!(
        rows[0].starts_with("id,email,firstName,lastName,company,"),
        "{}",
        rows[0]
    );
    let ids: Vec<String> = rows[1..]
        .iter()
        .map(|row| row.split(',').next().unwrap().to_owned())
        .collect();
    assert_eq!(ids, expected(&accounts, &asked));
    assert!(rows[1..].iter().all(|row| row.contains("'=cmd|")), "{text}");
    let refusal = staff
        .send(
            Method::GET,
            "/v1/admin/users",
            None,
            &[("accept", "application/geo+json")],
        )
        .await;
    refusal.expect(StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn bad_filters_are_named_and_odd_ones_find_nothing() {
    let staff = new_administrator().await;
    let bad = staff
        .get("/v1/admin/users?status=OPEN&role=Admin&memberType=x&sort=age&q=%20&limit=0&nosuch=1")
        .await;
    assert_eq!(
        bad.pointers(),
        [
            "/query/limit",
            "/query/memberType",
            "/query/nosuch",
            "/query/q",
            "/query/role",
            "/query/sort",
            "/query/status"
        ]
    );
    for odd in [
        "q=%25%25%25",
        "q=%5C",
        "q='%22%3B--",
        "role=no_such_role",
        "q=_________",
    ] {
        let found = staff.json(&format!("/v1/admin/users?{odd}&limit=5")).await;
        assert_eq!(found["items"].as_array().unwrap().len(), 0, "{odd}");
    }
    let cursor = staff.get("/v1/admin/users?cursor=x").await;
    cursor.expect(StatusCode::BAD_REQUEST);
}
