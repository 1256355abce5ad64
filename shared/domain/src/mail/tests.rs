use serde_json::{Value, json};

use super::{Details, LetterError, MailKind, Rendered, write};

const WEB: &str = "https://portal.example";

/// Everything that any kind uses.
fn payload() -> Value {
    json!({
        "validMinutes": 1440,
        "at": "2026-03-05T09:07:00-08:00",
        "until": "2026-03-05T17:37:00Z",
        "device": "Firefox on Windows",
        "address": "203.0.113.7",
        "newEmail": "ana@new.example",
        "keptEmail": "ana@work.example",
        "closedEmail": "ana@home.example",
        "left": 4,
        "title": "School <roof> & gym",
        "projectId": "0198a7c0-0000-7000-8000-000000000001",
        "number": 2,
        "summary": "Changed: deadlineDate",
        "courseId": "0198a7c0-0000-7000-8000-000000000005",
        "enrollmentId": "0198a7c0-0000-7000-8000-000000000006",
        "certificateNumber": "8Q2T-M4XA-0V7K-PD33",
        "expiresAt": "2028-03-05T17:37:00Z",
        "days": 30,
        "reason": "It was given by mistake",
        "searches": [
            {
                "name": "Roofs & <gyms>", "query": "q=roof&types=PROJECT", "more": 3, "isCapped": false,
                "results": [
                    { "type": "PROJECT", "id": "0198a7c0-0000-7000-8000-000000000001", "title": "School <roof> & gym" },
                    { "type": "CONTRACTOR", "id": "1012345", "title": "O'Brien Roofing" },
                ],
            },
            {
                "name": "Oakland", "query": "q=oakland", "more": 95, "isCapped": true,
                "results": [{ "type": "EVENT", "id": "0198a7c0-0000-7000-8000-000000000002", "title": "Mixer" }],
            },
        ],
        "messages": 5,
        "people": 2,
        "announcementId": "0198a7c0-0000-7000-8000-000000000003",
        "feedbackId": "0198a7c0-0000-7000-8000-000000000004",
        "subject": "The map does not load",
        "eventId": "0198a7c0-0000-7000-8000-000000000002",
        "startsAt": "2026-03-08T10:30:00Z",
        "endsAt": "2026-03-08T12:00:00Z",
        "previousStartsAt": "2026-03-08T09:30:00Z",
        "timeZone": "America/Los_Angeles",
        "amountCents": 4505,
        "currency": "USD",
        "place": "The hall",
        "city": "Oakland",
        "isOnline": true,
        "paymentId": "0198a7c0-0000-7000-8000-000000000007",
        "receiptNumber": "R2026-0000123",
        "company": "Acme <Builders>",
    })
}

fn mail(kind: MailKind, payload: &Value) -> Rendered {
    let details = Details {
        first_name: Some("Ana"),
        payload,
        secret: Some("tok-EN_1"),
        web_url: WEB,
    };
    write(kind, &details).unwrap()
}

#[test]
fn the_words_of_every_kind() {
    for kind in MailKind::ALL {
        let Rendered { subject, text, html } = mail(*kind, &payload());
        insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(
                kind.as_str().to_lowercase(),
                format!("Subject: {subject}\n\n{text}\n----\n\n{html}")
            );
        });
    }
}

#[test]
fn every_kind_can_do_without_the_optional_members() {
    for kind in MailKind::ALL {
        for empty in [
            json!({}),
            json!({ "at": "yesterday", "left": "x", "validMinutes": -1, "device": 7 }),
        ] {
            let mail = mail(*kind, &empty);
            assert!(mail.text.starts_with("Hello Ana,\n\n"), "{kind}");
            for rest in ["null", "None", "yesterday", "When"] {
                assert!(!mail.text.contains(rest), "{kind}: {}", mail.text);
            }
        }
    }
}

#[test]
fn a_kind_with_a_token_is_not_written_without_one() {
    let with_token = [
        MailKind::VerifyEmail,
        MailKind::ResetPassword,
        MailKind::EmailChangeConfirm,
    ];
    for kind in MailKind::ALL {
        let details = Details {
            first_name: None,
            payload: &json!({}),
            secret: None,
            web_url: WEB,
        };
        let written = write(*kind, &details);
        if with_token.contains(kind) {
            assert_eq!(written, Err(LetterError::NoSecret(*kind)));
        } else {
            assert!(written.unwrap().text.starts_with("Hello,\n"));
        }
    }
}

#[test]
fn what_others_chose_stays_text() {
    let hostile = json!({
        "device": "<script>alert(1)</script>\r\nBcc: eve@example.org",
        "newEmail": "\"x'<b>\"@example.org & co",
        "address": "x".repeat(5000),
    });
    let mail = mail(MailKind::EmailChanged, &hostile);
    assert!(!mail.html.contains("<script>"), "{}", mail.html);
    assert!(!mail.html.contains("<b>"), "{}", mail.html);
    assert!(mail.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(
        mail.html
            .contains("&quot;x&#39;&lt;b&gt;&quot;@example.org &amp; co")
    );
    assert!(!mail.text.contains("\nBcc"), "{}", mail.text);
    assert!(
        mail.text.lines().all(|line| line.len() < 998),
        "RFC 5322's longest line"
    );
}

#[test]
fn only_what_looks_like_a_name_is_greeted() {
    let greeting = |first_name: &str| {
        let details = Details {
            first_name: Some(first_name),
            payload: &json!({}),
            secret: None,
            web_url: WEB,
        };
        let text = write(MailKind::MfaEnabled, &details).unwrap().text;
        text.lines().next().unwrap().to_owned()
    };
    for name in ["Ana", "José-María", "D'Arcy", "Nguyễn Văn", "李"] {
        assert_eq!(greeting(name), format!("Hello {name},"));
    }
    let long = "a".repeat(41);
    for no_name in [
        "",
        "  ",
        "Win at https://evil.example",
        "evil.com",
        "a\nb",
        "<b>",
        "$1000",
        &long,
    ] {
        assert_eq!(greeting(no_name), "Hello,");
    }
}

#[test]
fn no_kind_shows_its_token_but_in_its_link() {
    for kind in MailKind::ALL {
        let mail = mail(*kind, &payload());
        let shown = mail.text.matches("tok-EN_1").count();
        assert_eq!(shown, mail.text.matches("#token=tok-EN_1\n").count(), "{kind}");
        assert!(!format!("{mail:?}").contains("tok-EN_1"));
    }
}

#[test]
fn the_time_of_a_link_is_in_plain_words() {
    for (minutes, said) in [
        (30, "30 minutes"),
        (60, "an hour"),
        (90, "90 minutes"),
        (120, "2 hours"),
        (1440, "24 hours"),
    ] {
        let text = mail(MailKind::ResetPassword, &json!({ "validMinutes": minutes })).text;
        assert!(
            text.contains(&format!("The link works once, within {said}.")),
            "{text}"
        );
    }
}
