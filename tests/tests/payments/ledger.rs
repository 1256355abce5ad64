//! The revenue report: a sum over the ledger, by month of the association's clocks.

use portal_data::DataError;
use portal_data::ledger::{self, MonthOfAccount};
use portal_domain::ledger::LedgerAccount;
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use time::macros::{date, datetime};

/// A movement of cents from one account to another, at a moment.
fn movement(at: &str, debit: &str, credit: &str, cents: i64) -> String {
    format!(
        "WITH t AS (INSERT INTO ledger_transactions (id, kind, posted_at) VALUES (gen_random_uuid(), 'ADJUSTMENT', '{at}') RETURNING id)
        INSERT INTO ledger_entries (transaction_id, line, account, amount_cents)
        SELECT id, line, account, cents FROM t, (VALUES (1, '{debit}', {cents}), (2, '{credit}', -{cents})) AS e (line, account, cents);"
    )
}

#[tokio::test]
async fn revenue_is_a_sum_over_the_ledger() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let finance = Member::add(&mut owner, "finance", &["finance"]).await;
    let member = Member::add(&mut owner, "member", &["member"]).await;
    let movements = [
        movement("2030-01-05T00:00:00Z", "STRIPE_BALANCE", "REVENUE_EVENTS", 2_000),
        // Still January in Oakland.
        movement("2030-02-01T07:59:59Z", "STRIPE_BALANCE", "REVENUE_EVENTS", 500),
        movement("2030-02-01T08:00:00Z", "STRIPE_BALANCE", "REVENUE_DONATIONS", 700),
        movement("2030-02-03T00:00:00Z", "REFUNDS", "STRIPE_BALANCE", 300),
        movement("2030-02-03T00:00:00Z", "FEES", "STRIPE_BALANCE", 88),
        movement("2030-02-04T00:00:00Z", "BANK", "STRIPE_BALANCE", 1_000),
        movement("2031-01-01T00:00:00Z", "STRIPE_BALANCE", "REVENUE_EVENTS", 9),
    ];
    sqlx::raw_sql(&movements.concat())
        .execute(&mut owner)
        .await
        .unwrap();
    let api = database.open("portal_api", false).await;
    let (from, until) = (datetime!(2030-01-01 00:00 UTC), datetime!(2031-01-01 00:00 UTC));
    let report = async |who: Member| {
        let mut tx = api.begin(&who.request()).await?;
        let report = ledger::revenue(&mut tx, from, until).await?;
        tx.commit().await?;
        Ok::<_, DataError>(report)
    };
    let line = |month, account, amount| MonthOfAccount {
        month,
        account,
        currency: "USD".to_owned(),
        amount,
    };
    let (january, february) = (date!(2030 - 01 - 01), date!(2030 - 02 - 01));
    assert_eq!(
        report(finance).await.unwrap(),
        [
            line(january, LedgerAccount::RevenueEvents, 2_500),
            line(february, LedgerAccount::Fees, -88),
            line(february, LedgerAccount::Refunds, -300),
            line(february, LedgerAccount::RevenueDonations, 700),
        ]
    );
    assert_eq!(report(member).await.unwrap(), [], "not for members");
}
