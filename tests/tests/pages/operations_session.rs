//! The operations page over time: imports that run, tokens that run out, sign-ins that end.

use portal_tests::primary::owner;
use uuid::Uuid;

use crate::operations_page::{agrees, same_entries};
use crate::support::{Page, Staff};

#[tokio::test]
async fn a_sign_in_goes_on_by_itself_and_ends_where_it_is_ended() {
    let staff = Staff::administrator().await;
    let page = Page::open("/v1/admin/#backups").await;
    staff.sign_in(&page).await;
    page.appears("#panel-backups[data-state=ready]").await;
    // As if the access token were about to run out; two ask at once, and one of them makes it new.
    let refreshed = page
        .eval(
            "const { read } = await part('session.js');
            const [now, send] = [Date.now, window.fetch];
            let refreshed = 0;
            window.fetch = (path, ...rest) => { if (path === '/v1/auth/refresh') refreshed += 1; return send(path, ...rest); };
            Date.now = () => now() + 590_000;
            await Promise.all([read('/v1/auth/me'), read('/v1/auth/me')]);
            Date.now = now;
            window.fetch = send;
            return refreshed",
        )
        .await;
    assert_eq!(refreshed, 1);
    page.eval(
        "const { ask } = await part('session.js');
        await ask('/v1/auth/logout-all', { method: 'POST' });
        document.querySelector('#panel-backups .panel-head button').click()",
    )
    .await;
    page.appears("input[name=email]:focus").await;
    assert_eq!(
        page.eval("return document.getElementById('parts').hidden").await,
        true
    );
    page.close().await;
}

#[tokio::test]
async fn an_import_is_followed_while_it_runs() {
    let id = Uuid::now_v7();
    let run = |statement: &'static str| async move {
        sqlx::query(statement)
            .bind(id)
            .execute(&mut owner().await)
            .await
            .unwrap();
    };
    run("INSERT INTO import_runs (id, bucket, object_key, state, object_bytes, byte_offset, rows_read, started_at, heartbeat_at)
        VALUES ($1, 'pages', 'pages/' || $1::text || '.csv', 'LOADING', 1000000, 250000, 1234, now(), now())")
    .await;
    let staff = Staff::administrator().await;
    let page = Page::open("/v1/admin/#imports").await;
    staff.sign_in(&page).await;
    let shows = |text: &str| {
        format!(
            "return document.querySelector('[data-import=\"{id}\"]')?.innerText.includes('{text}') || null"
        )
    };
    page.until(&shows("25 %")).await;
    page.until(&shows("1,234 rows")).await;
    // By itself: nothing is pressed.
    run("UPDATE import_runs SET byte_offset = 500000, rows_read = 2500, heartbeat_at = now() WHERE id = $1")
        .await;
    page.until(&shows("50 %")).await;
    run("UPDATE import_runs SET state = 'FAILED', error = 'the file ends in the middle', finished_at = now() WHERE id = $1")
        .await;
    page.until(&shows("the file ends in the middle")).await;
    page.until(&format!(
        "return document.querySelector('[data-import=\"{id}\"] progress') ? null : true"
    ))
    .await;
    agrees(
        &page,
        "imports",
        &same_entries("import", "/v1/admin/imports?limit=20"),
    )
    .await;
    run("DELETE FROM import_runs WHERE id = $1").await;
    page.close().await;
}
