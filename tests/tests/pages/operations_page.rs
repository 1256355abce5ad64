//! The operations page as an administrator meets it: every part shows what the API says.

use portal_tests::people::Person;
use portal_tests::primary::owner;
use portal_tests::stack::Stack;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::support::{ENTER, Page, Staff, TAB};

const MARKUP: &str = "<script>window.taken = true</script><img src=x onerror='window.taken = true'>";

/// Parts, and what finds that they show what the API says.
const AGREEMENTS: [(&str, &str); 4] = [
    ("database",
        "const told = await read('/v1/admin/database');
        const text = panel.innerText;
        return text.includes(`PostgreSQL ${told.version}`) && text.includes(`of ${told.maxConnections}`)
          && told.sizes.tables.length > 0 && told.sizes.tables.every((each) => text.includes(each.table))
          && told.replicas.every((each) => text.includes(each.name)) || null"),
    ("backups",
        "const told = await read('/v1/admin/backups?limit=20');
        const keys = rows(0).map((cells) => cells.at(-1));
        return (told.items.length === 0 ? keys[0] === 'There is no backup yet.'
          : JSON.stringify(keys) === JSON.stringify(told.items.map((each) => each.objectKey))) || null"),
    ("partitions",
        "const told = await read('/v1/admin/partitions');
        const shown = rows(0).map((cells) => cells[0]);
        return told.items.length > 0 && JSON.stringify(shown) === JSON.stringify(told.items.map((each) => each.table)) || null"),
    ("outreach",
        "const { number } = await part('format.js');
        const told = await read('/v1/admin/reports/outreach');
        const shown = new Map(rows(0).map((cells) => [cells[0], cells[3]]));
        return told.byCounty.length > 0 && shown.size === told.byCounty.length
          && told.byCounty.every((each) => shown.get(each.county ?? 'not known') === number(each.notMembers))
          && panel.querySelectorAll('.map path').length === 58 || null"),
];

/// Opens a part, and waits until it has been read.
async fn show(page: &Page, part: &str, panel: &str) {
    page.eval(&format!("location.hash = '{part}'")).await;
    page.appears(&format!("#panel-{panel}[data-state=ready]")).await;
}

/// Waits until a script finds that what is shown is what the API says; the part is read anew before each look.
pub(crate) async fn agrees(page: &Page, panel: &str, script: &str) {
    let script = format!(
        "const {{ read }} = await part('session.js');
        const panel = document.getElementById('panel-{panel}');
        [...panel.querySelectorAll('.panel-head button')].at(-1).click();
        while (panel.getAttribute('aria-busy')) await new Promise((done) => setTimeout(done, 20));
        const rows = (index) => [...panel.querySelectorAll('table')[index].tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.innerText));
        {script}"
    );
    page.until(&script).await;
}

/// Ids of the entries that a list shows, against those of the API's first page.
pub(crate) fn same_entries(attribute: &str, path: &str) -> String {
    format!(
        "const told = (await read('{path}')).items.map((item) => String(item.id));
        const shown = [...panel.querySelectorAll('[data-{attribute}]')].map((each) => each.dataset.{attribute});
        return told.length > 0 && JSON.stringify(told) === JSON.stringify(shown) || null"
    )
}

/// An account that waits for approval, under a name that would be a script if it were taken for markup.
async fn waiting() -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO users (id, email, first_name, last_name, company, is_verified)
        VALUES ($1, $1::text || '@example.org', 'Rosa', $2, $2, true)",
    )
    .bind(id)
    .bind(MARKUP)
    .execute(&mut owner().await)
    .await
    .unwrap();
    id
}

async fn look_at_health() {
    let url = format!("{}/health/invocations", Stack::get().invocations_url);
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .post(url)
        .body(include_str!("../../../events/health.json"))
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success());
}

#[tokio::test]
async fn every_part_shows_what_the_api_says() {
    look_at_health().await;
    let waiting = waiting().await;
    let staff = Staff::administrator().await;
    let page = Page::open("/v1/admin/").await;
    staff.sign_in(&page).await;
    health_and_its_plots(&page).await;
    for (part, script) in AGREEMENTS {
        show(&page, part, part).await;
        agrees(&page, part, script).await;
    }
    people_and_what_was_done_to_them(&page, waiting).await;
    what_the_audit_says(&page, waiting).await;
    what_is_refused(&page).await;
    page.close().await;
}

async fn health_and_its_plots(page: &Page) {
    page.appears("#panel-health[data-state=ready]").await;
    agrees(
        page,
        "health",
        "const { inUnit, title } = await part('format.js');
        const told = await read('/v1/admin/health');
        const table = [...panel.querySelectorAll('table')].findIndex((each) => each.caption.innerText.startsWith('Every check'));
        const shown = new Map(rows(table).map((cells) => [cells[0].split('\\n')[0], cells[2]]));
        return told.checks.length > 0 && shown.size === told.checks.length
          && told.checks.every((check) => shown.get(title(check.name)) === inUnit(check.value, check.unit)) || null",
    )
    .await;
    page.appears("[data-plot=pool-use] svg path.line, [data-plot=pool-use] svg circle")
        .await;
    page.eval("document.querySelector('[data-plot=pool-use] details').open = true")
        .await;
    page.appears("[data-plot=pool-use] table tbody td").await;
}

async fn people_and_what_was_done_to_them(page: &Page, waiting: Uuid) {
    show(page, "people", "waiting").await;
    let reason = format!("Licence checked by telephone {waiting}");
    page.until(&format!(
        "return document.querySelector('#panel-waiting').innerText.includes({}) || null",
        json!(MARKUP)
    ))
    .await;
    let open = format!("details[data-key='approve-{waiting}']");
    page.eval(&format!("document.querySelector(\"{open} summary\").focus()"))
        .await;
    page.browser.press(ENTER).await;
    page.browser.press(TAB).await;
    page.browser.type_text(&reason).await;
    // A list that is read anew takes no words away; nor is it read by itself while somebody writes, or waits for what they have sent.
    page.eval("[...document.querySelectorAll('#panel-waiting .panel-head button')].at(-1).click()")
        .await;
    page.until(&format!(
        "const panel = document.querySelector('#panel-waiting');
        const input = document.querySelector(\"{open}[open] input\");
        if (panel.getAttribute('aria-busy') || input?.value !== {}) return null;
        input.focus();
        return true",
        json!(reason)
    ))
    .await;
    page.browser.press(ENTER).await;
    page.until(&format!(
        "return document.querySelector(\"{open}\") ? null : true"
    ))
    .await;
    let approved: bool = sqlx::query_scalar("SELECT approved_at IS NOT NULL FROM users WHERE id = $1")
        .bind(waiting)
        .fetch_one(&mut owner().await)
        .await
        .unwrap();
    assert!(approved, "who is approved on the page is approved");

    show(page, "actions", "actions").await;
    agrees(
        page,
        "actions",
        &same_entries("action", "/v1/admin/actions?limit=25"),
    )
    .await;
    assert!(page.text("#panel-actions").await.contains(&reason));
}

async fn what_the_audit_says(page: &Page, waiting: Uuid) {
    show(page, "audit", "audit").await;
    page.eval(&format!(
        "document.querySelector('#audit-table').value = 'users';
        document.querySelector('#audit-rowId').value = '{waiting}';
        document.querySelector('#panel-audit form button').click()"
    ))
    .await;
    let path = format!("/v1/admin/audit?table=users&rowId={waiting}&limit=25");
    agrees(page, "audit", &same_entries("audit", &path)).await;
    page.eval("for (const each of document.querySelectorAll('[data-audit] details')) each.open = true")
        .await;
    page.until(&format!(
        "return document.querySelector('#panel-audit').innerText.includes({}) || null",
        json!(MARKUP)
    ))
    .await;
    // By the id of a request, as problems and entries show it.
    page.eval(
        "const request = document.querySelector('#panel-audit [data-audit] p').querySelectorAll('code')[1].innerText;
        document.querySelector('#audit-requestId').value = request;
        document.querySelector('#panel-audit form button').click()",
    )
    .await;
    agrees(
        page,
        "audit",
        "const request = document.querySelector('#audit-requestId').value;
        const told = (await read(`/v1/admin/audit?requestId=${request}&limit=25`)).items.map((item) => String(item.id));
        const shown = [...panel.querySelectorAll('[data-audit]')].map((each) => each.dataset.audit);
        return told.length > 0 && shown.length > 0 && shown.every((id) => told.includes(id)) || null",
    )
    .await;
    page.eval(
        "document.querySelector('#audit-requestId').value = '';
        document.querySelector('#panel-audit form button').click()",
    )
    .await;
    agrees(page, "audit", &same_entries("audit", &path)).await;
    page.eval("for (const each of document.querySelectorAll('[data-audit] details')) each.open = true")
        .await;
    let before_and_after = page.text("#panel-audit .difference").await;
    assert!(before_and_after.contains("approved_at"), "{before_and_after}");
    let taken = page
        .eval("return [window.taken ?? null, document.querySelectorAll('main script, main img').length]")
        .await;
    assert_eq!(taken, json!([null, 0]), "what is stored never becomes markup");
}

/// What the API refuses is told in its words, with the id by which its log is searched.
async fn what_is_refused(page: &Page) {
    page.eval(
        "document.querySelector('#audit-table').value = '';
        document.querySelector('#panel-audit form button').click()",
    )
    .await;
    page.appears("#panel-audit[data-state=failed] .problem").await;
    let refused = Person::stranger()
        .send(
            Method::GET,
            "/v1/problems/invalid-values",
            None,
            &[("accept", "application/json")],
        )
        .await;
    let told = page.text("#panel-audit .problem").await;
    assert!(told.contains(refused.body["title"].as_str().unwrap()), "{told}");
    assert!(told.contains("rowId") || told.contains("table"), "{told}");
    assert!(told.contains("Request "), "{told}");
}
