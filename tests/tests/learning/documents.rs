//! Certificates as documents: whose they are, that they never change, and what a reader of PDF gets out of them.

use std::process::{Command, Stdio};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{CourseCalls as _, Person, Reply, new_manager};
use crate::support::{alter, id_of, newest_write, text_of};

/// What a program of Poppler prints of a document.
fn poppler(program: &str, arguments: &[&str], document: &[u8]) -> String {
    use std::io::Write as _;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} (Debian's poppler-utils): {error}"));
    child.stdin.take().unwrap().write_all(document).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} cannot read the document");
    String::from_utf8(output.stdout).unwrap()
}

async fn completed(name: (&str, &str), title: &str) -> (Person, Value) {
    let manager = new_manager().await;
    let (course, modules) = manager
        .publish(json!({"title": title, "certificateValidMonths": 24}), 1)
        .await;
    let member = Person::member().await;
    let mut owner = crate::support::owner().await;
    sqlx::query("UPDATE users SET first_name = $2, last_name = $3 WHERE id = $1")
        .bind(member.id())
        .bind(name.0)
        .bind(name.1)
        .execute(&mut owner)
        .await
        .unwrap();
    let done = member.complete(&course, &modules).await;
    (member, done)
}

async fn download(person: &Person, enrollment: &Value) -> Reply {
    let reply = person
        .get(&format!("/v1/enrollments/{}/certificate", id_of(enrollment)))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    assert_eq!(reply.header("content-type"), "application/pdf");
    reply
}

/// Document and page agree, on the day that it was where the association is.
#[tokio::test]
async fn an_evening_in_california_is_of_that_day() {
    let (member, done) = completed(("Ana", "Ruiz"), "Night work").await;
    let moment = "UPDATE course_enrollments SET completed_at = '2026-11-28 06:21Z', certificate_expires_at = '2028-11-28 06:21Z' WHERE id = $1";
    alter(moment, &id_of(&done)).await;
    let document = download(&member, &done).await.bytes;
    let text = poppler("pdftotext", &["-layout", "-", "-"], &document);
    let path = format!("/v1/certificates/{}", text_of(&done, "certificateNumber"));
    let newest = newest_write().await;
    let headers = [("accept", "text/html"), ("portal-consistency", newest.as_str())];
    let page = member.send(Method::GET, &path, None, &headers).await;
    let page = String::from_utf8(page.bytes).unwrap();
    for day in ["November 27, 2026", "November 27, 2028"] {
        assert!(text.contains(day), "{day} is not in {text}");
        assert!(page.contains(day), "{day} is not in {page}");
    }
}

#[tokio::test]
async fn a_certificate_reads_as_it_looks_in_every_script() {
    for (first, last, title) in [
        ("María José", "Núñez-Peña", "Estimating for public works"),
        ("Nguyễn", "Thị Đặng", "Insurance & bonds, “step by step”"),
        ("Ольга", "Шевченко", "Ασφάλεια εργοταξίου"),
        ("李", "小龙", "现场安全"),
        ("김", "민수", "Site safety"),
    ] {
        let (member, done) = completed((first, last), title).await;
        let number = text_of(&done, "certificateNumber");
        let document = download(&member, &done).await.bytes;
        let text = poppler("pdftotext", &["-layout", "-", "-"], &document);
        let name = format!("{first} {last}");
        for expected in [
            name.as_str(),
            title,
            &number,
            "Certificate of Completion",
            "Valid until",
        ] {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
        assert!(text.contains(&format!("/v1/certificates/{number}")), "{text}");
        let facts = poppler("pdfinfo", &["-"], &document);
        for expected in ["Pages:           1", "Author:          NAMC NorCal", title] {
            assert!(facts.contains(expected), "{expected} is not in {facts}");
        }
        let fonts = poppler("pdffonts", &["-"], &document);
        let embedded = fonts.lines().skip(2).all(|font| font.contains(" yes yes yes "));
        assert!(
            embedded && fonts.contains("NotoSans"),
            "all are embedded in parts: {fonts}"
        );
    }
}

#[tokio::test]
async fn a_document_is_the_same_bytes_each_time() {
    let (member, done) = completed(("Ana", "Ruiz"), "Reading plans").await;
    let first = download(&member, &done).await;
    let tag = first.header("etag").to_owned();
    alter(
        "UPDATE users SET last_name = 'Other' WHERE id = $1",
        &member.id().to_string(),
    )
    .await;
    assert_eq!(download(&member, &done).await.bytes, first.bytes);
    let path = format!("/v1/enrollments/{}/certificate", id_of(&done));
    let newest = newest_write().await;
    let known = member
        .send(
            Method::GET,
            &path,
            None,
            &[("if-none-match", &tag), ("portal-consistency", &newest)],
        )
        .await;
    assert_eq!((known.status, known.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    let name = first.header("content-disposition");
    assert!(name.contains(&text_of(&done, "certificateNumber")), "{name}");
}

#[tokio::test]
async fn a_document_is_for_its_member_and_staff_once_the_course_is_completed() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 1).await;
    let (member, other) = (Person::member().await, Person::member().await);
    let enrollment = member.enroll(&course).await;
    let path = format!("/v1/enrollments/{enrollment}/certificate");
    let early = member.get(&path).await.detail(StatusCode::CONFLICT);
    assert_eq!(early, "There is no certificate yet: the enrolment is ENROLLED.");
    let done = member.record(&enrollment, &modules[0], 100).await;
    download(&manager, &done).await;
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        Person::stranger().get(&path).await.status,
        StatusCode::UNAUTHORIZED
    );
    let picture = member
        .send(Method::GET, &path, None, &[("accept", "image/png")])
        .await;
    assert_eq!(picture.status, StatusCode::NOT_ACCEPTABLE);
}
