//! Lists as CSV.

use reqwest::{Response, StatusCode};

use crate::support::{Someone, add_contractor, marker, owner};

async fn table(someone: &Someone, path: &str) -> Response {
    let response = someone.get_as(path, "text/csv").await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    assert_eq!(
        response.headers()["content-type"],
        "text/csv; charset=utf-8; header=present"
    );
    response
}

#[tokio::test]
async fn no_cell_is_run() {
    let marker = marker();
    let someone = Someone::with(&["member"]).await;
    sqlx::query(
        "UPDATE users SET first_name = '=HYPERLINK(\"https://x.example\")', last_name = $2, company = '@SUM(1)', title = '-2+3',
            bio = E'\t=1', phone = '+19165551234', city = '+1', street = 'a, \"b\"'
        WHERE id = $1",
    )
    .bind(someone.member.id)
    .bind(&marker)
    .execute(&mut owner().await)
    .await
    .unwrap();
    let text = table(&someone, &format!("/v1/members?q={marker}"))
        .await
        .text()
        .await
        .unwrap();
    let mut lines = text.split("\r\n");
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("id,firstName,lastName,company,")
    );
    let row = lines.next().unwrap();
    let cells =
        "\"'=HYPERLINK(\"\"https://x.example\"\")\",".to_owned() + &marker + ",'@SUM(1),'-2+3,REGULAR,";
    assert!(row.contains(&cells), "{row}");
    for cell in [",'+19165551234,", ",'+1,", ",\"a, \"\"b\"\"\",", "'\t=1"] {
        assert!(row.contains(cell), "{cell} in {row}");
    }
}

#[tokio::test]
async fn a_table_holds_the_whole_list_or_a_page_with_a_link() {
    let marker = marker();
    let someone = Someone::with(&["member"]).await;
    for number in 0..5 {
        add_contractor(&format!("={marker} {number}")).await;
    }
    let path = format!("/v1/contractors?q={marker}");
    let count = |text: &str| text.matches(&format!("'={marker}")).count();
    let whole = table(&someone, &path).await;
    assert!(whole.headers().get("link").is_none());
    assert_eq!(
        whole.headers()["content-disposition"],
        "attachment; filename=\"contractors.csv\""
    );
    // Each row has the name twice: as published and to show.
    assert_eq!(count(&whole.text().await.unwrap()), 10);
    let mut rows = 0;
    let mut next = Some(format!("{path}&limit=2"));
    while let Some(path) = next {
        let part = table(&someone, &path).await;
        let link = part
            .headers()
            .get("link")
            .map(|link| link.to_str().unwrap().to_owned());
        next = link.map(|link| link.trim_start_matches('<').split_once('>').unwrap().0.to_owned());
        rows += count(&part.text().await.unwrap()) / 2;
    }
    assert_eq!(rows, 5);
}
