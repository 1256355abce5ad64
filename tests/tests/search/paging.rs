//! Every candidate is on one page and no other, also where scores tie.

use serde_json::Value;

use crate::support::{
    Asker, add_contractor, add_course, add_event, add_project, encoded, ids, marker, sorted,
};

/// Every page of a list, by its cursor.
async fn pages(asker: &Asker, first: &str) -> Vec<Value> {
    let mut pages = vec![asker.json(first).await];
    while let Some(cursor) = pages.last().unwrap()["nextCursor"].as_str() {
        let next = format!("{first}&cursor={cursor}");
        pages.push(asker.json(&next).await);
    }
    pages
}

fn scores(pages: &[Value]) -> Vec<f64> {
    let items = pages.iter().flat_map(|page| page["items"].as_array().unwrap());
    items.map(|item| item["score"].as_f64().unwrap()).collect()
}

#[tokio::test]
async fn every_result_is_on_one_page_also_where_scores_tie() {
    let word = marker();
    let mut added = Vec::new();
    for number in 0..9 {
        // Three that nothing tells apart, and projects whose score falls with their age.
        added.push(add_contractor(&format!("{word} {}", ["A", "B", "C"][number % 3]), "", "").await);
        let changes = format!("published_at = now() - interval '{} days'", number / 3);
        added.push(add_project(&format!("{word} hall"), &changes).await);
        added.push(add_course(&format!("{word} course"), "").await);
    }
    added.push(add_event(&format!("{word} fair"), "").await);
    let asker = Asker::anybody();
    for limit in [1, 4, 7, 100] {
        let first = format!("/v1/search?q={word}&limit={limit}&count=exact");
        let pages = pages(&asker, &first).await;
        let found: Vec<_> = pages.iter().flat_map(ids).collect();
        assert_eq!(sorted(found), sorted(added.clone()), "by {limit}");
        assert!(pages.iter().all(|page| page["total"] == 28), "by {limit}");
        let scores = scores(&pages);
        assert!(
            scores.is_sorted_by(|one, next| one >= next),
            "by {limit}: {scores:?}"
        );
        let facets: Vec<_> = pages.iter().map(|page| &page["facets"]).collect();
        assert!(facets.iter().all(|facet| *facet == facets[0]), "by {limit}");
    }
}

#[tokio::test]
async fn a_list_longer_than_the_cap_ends_there_and_says_so() {
    let word = marker();
    let mut owner = crate::support::owner().await;
    sqlx::raw_sql(&format!(
        "INSERT INTO licences (license_number, region)
        SELECT (abs(hashtext('{word}'))::bigint % 900000000 * 1000 + n)::text, 'NORTH' FROM generate_series(1, 130) AS n;
        INSERT INTO california_contractors (license_number, region, business_name, primary_status, in_good_standing, city)
        SELECT (abs(hashtext('{word}'))::bigint % 900000000 * 1000 + n)::text, 'NORTH', 'THE {word} ' || n, 'CLEAR', true, 'Albany'
        FROM generate_series(1, 130) AS n"
    ))
    .execute(&mut owner)
    .await
    .unwrap();
    let pages = pages(
        &Asker::anybody(),
        &format!("/v1/search?q={word}&limit=30&count=exact"),
    )
    .await;
    let found: Vec<_> = pages.iter().flat_map(ids).collect();
    assert_eq!(found.len(), 100);
    assert_eq!(
        sorted(found.clone())
            .windows(2)
            .filter(|two| two[0] == two[1])
            .count(),
        0
    );
    assert_eq!(pages[0]["total"], 100);
    for name in ["types", "cities", "statuses"] {
        let value = &pages[0]["facets"][name][0];
        assert_eq!(
            (&value["count"], &value["capped"]),
            (&100.into(), &true.into()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_search() {
    let word = marker();
    for _ in 0..2 {
        add_course(&format!("{word} course"), "").await;
    }
    let asker = Asker::anybody();
    let list = asker.json(&format!("/v1/search?q={word}&limit=1")).await;
    let cursor = list["nextCursor"].as_str().unwrap();
    for other in [
        format!("q={word}x&cursor={cursor}"),
        format!("q={word}&types=COURSE&cursor={cursor}"),
        format!("q={word}&cursor={}", encoded("k1.bm9uc2Vuc2U.bm9uc2Vuc2U")),
    ] {
        let answer = asker.get(&format!("/v1/search?{other}")).await;
        assert_eq!(answer.status().as_u16(), 400, "{other}");
    }
}
