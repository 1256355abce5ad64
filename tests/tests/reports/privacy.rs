//! Who reads reports sees sums, not people.

use sqlx::Row as _;

use crate::support::{House, NOW, id};

const COUNTS: &str = "SELECT
    (SELECT count(*) FROM account_dates), (SELECT count(*) FROM contractor_standings),
    (SELECT count(*) FROM users), (SELECT count(*) FROM california_contractors)";

async fn counts(role: &str) -> [i64; 4] {
    let mut house = House::with(role).await;
    house
        .insert(&format!(
            "INSERT INTO users (id, email, first_name, last_name) VALUES ('{}', 'x@example.org', 'A', 'B');
            INSERT INTO licences (license_number, region) VALUES ('1', 'NORTH'), ('2', 'NORTH');
            INSERT INTO california_contractors (license_number, region, business_name, primary_status, in_good_standing,
                removed_from_source_on)
            VALUES ('1', 'NORTH', 'F', 'CLEAR', true, NULL), ('2', 'NORTH', 'F', 'CLEAR', true, '{}')",
            id(),
            NOW.date(),
        ))
        .await;
    let mut tx = house.admin.begin(&house.staff.request()).await.unwrap();
    let row = sqlx::query(COUNTS).fetch_one(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    [0, 1, 2, 3].map(|column| row.get(column))
}

#[tokio::test]
async fn reports_take_their_permission_and_give_no_more() {
    // The account is one's own.
    assert_eq!(counts("finance").await, [2, 1, 1, 0]);
    assert_eq!(counts("support").await, [0, 0, 2, 2]);
    assert_eq!(counts("member").await, [0, 0, 1, 0]);
}
