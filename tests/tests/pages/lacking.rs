//! The operations page by keyboard, on a telephone, in the dark, and for those who lack permissions.

use portal_tests::stack::Stack;
use serde_json::json;

use crate::support::{ENTER, Page, Staff, TAB, with_password};

const PARTS: [&str; 9] = [
    "overview",
    "database",
    "imports",
    "backups",
    "partitions",
    "outreach",
    "people",
    "actions",
    "audit",
];

#[tokio::test]
async fn each_part_says_which_permission_is_lacking() {
    let account = Stack::get().account("member");
    let page = Page::open("/v1/admin/").await;
    page.appears("input[name=email]:focus").await;
    page.browser.type_text(&account.email).await;
    page.browser.press(TAB).await;
    page.browser.type_text("not the password").await;
    page.browser.press(ENTER).await;
    page.appears(".sign-in .problem[role=alert]").await;
    assert!(page.text(".sign-in .problem").await.contains("Request "));
    page.eval("const input = document.querySelector('input[name=password]'); input.focus(); input.select()")
        .await;
    page.browser.type_text(&account.password).await;
    page.browser.press(ENTER).await;
    page.appears("#parts:not([hidden])").await;
    for part in PARTS {
        page.eval(&format!("location.hash = '{part}'")).await;
        page.until(&format!(
            "return document.querySelector('#parts [aria-current]').hash === '#{part}'
              && document.querySelector('main .panel[data-state=lacking]') && true"
        ))
        .await;
        let told = page.text("main .problem").await;
        assert!(told.contains("takes the permission"), "{part}: {told}");
    }
    page.eval("document.querySelector('#bar-end button').click()")
        .await;
    page.appears("input[name=email]:focus").await;
    page.close().await;
}

/// Who has every permission is not told that one is lacking.
#[tokio::test]
async fn without_a_second_factor_each_part_says_that_it_takes_one() {
    let (_, email, password) = with_password().await;
    let page = Page::open("/v1/admin/#database").await;
    page.appears("input[name=email]:focus").await;
    page.browser.type_text(&email).await;
    page.browser.press(TAB).await;
    page.browser.type_text(&password).await;
    page.browser.press(ENTER).await;
    page.appears("#parts:not([hidden])").await;
    for part in ["database", "backups", "audit"] {
        page.eval(&format!("location.hash = '{part}'")).await;
        page.appears(&format!("#panel-{part}[data-state=failed]")).await;
        let told = page.text("main .problem").await;
        assert!(told.contains("second factor"), "{part}: {told}");
        assert!(!told.contains("takes the permission"), "{part}: {told}");
    }
    page.close().await;
}

#[tokio::test]
async fn it_is_walked_by_keys_and_fits_every_screen() {
    let staff = Staff::administrator().await;
    let page = Page::open("/v1/admin/#backups").await;
    staff.sign_in(&page).await;
    page.appears("#panel-backups[data-state=ready]").await;
    // Focus begins at the heading of what is new.
    page.appears("h1:focus").await;

    // From the top: the way past the links first, then everything in its order, each seen to have the focus.
    let mut walked = Vec::new();
    page.eval("document.querySelector('.skip').focus()").await;
    for _ in 0..14 {
        walked.push(page.focused().await);
        let seen = page
            .eval("const own = document.activeElement; return own.matches(':focus-visible') && getComputedStyle(own).outlineStyle !== 'none'")
            .await;
        assert_eq!(seen, true, "the focus cannot be seen: {walked:?}");
        page.browser.press(TAB).await;
    }
    let expected = [
        "Skip to the contents",
        "Operations",
        "Theme",
        "Sign out",
        "Health",
        "Database",
        "Imports",
        "Backups",
        "Partitions",
        "Outreach",
        "People",
        "Staff actions",
        "Audit",
        "Refresh",
    ];
    assert_eq!(walked, expected);
    page.eval("document.querySelector('#parts a[href=\"#partitions\"]').focus()")
        .await;
    page.browser.press(ENTER).await;
    page.appears("#partitions-title:focus").await;
    looks(&page).await;
    fits(&page).await;
    page.close().await;
}

/// Dark and light as the system has it, unless somebody has chosen; little moves where that is asked for.
async fn looks(page: &Page) {
    const SHADE: &str = "const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
        return red + green + blue < 200 ? 'dark' : 'light'";
    page.browser.prefer(false, true).await;
    assert_eq!(page.eval(SHADE).await, "light");
    let still = page
        .eval("return getComputedStyle(document.documentElement).scrollBehavior")
        .await;
    assert_eq!(still, "auto");
    page.browser.prefer(true, false).await;
    assert_eq!(page.eval(SHADE).await, "dark");
    page.eval(
        "const select = document.querySelector('select[aria-label=Theme]');
        select.value = 'light';
        select.dispatchEvent(new Event('change'))",
    )
    .await;
    assert_eq!(page.eval(SHADE).await, "light");
    let kept = page
        .eval("return [localStorage.length, sessionStorage.length]")
        .await;
    assert_eq!(kept, json!([1, 0]), "the look is kept, and nothing else");
}

async fn fits(page: &Page) {
    for width in [360, 768] {
        page.browser.view(width, 780).await;
        for part in PARTS {
            page.eval(&format!("location.hash = '{part}'")).await;
            page.until(&format!(
                "return document.querySelector('#parts [aria-current]').hash === '#{part}'
                  && document.querySelector('main .panel[data-state=ready]') && true"
            ))
            .await;
            page.eval("for (const each of document.querySelectorAll('main details')) each.open = true")
                .await;
            let beyond = page.beyond().await;
            assert!(
                beyond <= 0,
                "{part} is {beyond} wider than {width}: {}",
                page.too_wide().await
            );
        }
    }
}
