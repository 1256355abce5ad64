//! Suggestions while somebody types.

use serde_json::{Value, json};

use crate::support::{Asker, add_contractor, add_project, encoded, marker, refresh_dictionary};

async fn suggestions(q: &str) -> Vec<Value> {
    let list = Asker::anybody()
        .json(&format!("/v1/search/suggest?q={}", encoded(q)))
        .await;
    list["suggestions"]
        .as_array()
        .unwrap_or_else(|| panic!("{list}"))
        .clone()
}

#[tokio::test]
async fn the_last_word_is_completed_the_commonest_first() {
    let word = marker();
    for _ in 0..3 {
        add_project(&format!("{word}ville hall"), "").await;
    }
    add_project(&format!("{word}burg hall"), "").await;
    let firm = add_contractor(&format!("{word} & SONS"), "", "").await;
    refresh_dictionary().await;
    let found = suggestions(&format!("golden {}", word[..9].to_uppercase())).await;
    assert_eq!(
        found,
        [
            json!({"type": "WORDS", "text": format!("golden {word}ville"), "documents": 3}),
            json!({"type": "WORDS", "text": format!("golden {word}"), "documents": 1}),
            json!({"type": "WORDS", "text": format!("golden {word}burg"), "documents": 1}),
        ]
    );
    let found = suggestions(&word).await;
    assert_eq!(
        found.last(),
        Some(&json!({"type": "CONTRACTOR", "text": format!("{word} & SONS"), "licenseNumber": firm}))
    );
    // What ends with a space is not gone on with, but may begin a name.
    let found = suggestions(&format!("{word} sons ")).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["licenseNumber"], firm);
}

#[tokio::test]
async fn one_letter_gives_ten_at_most_and_nonsense_none() {
    let word = marker();
    add_contractor(&format!("{word} INC"), "", "").await;
    refresh_dictionary().await;
    for length in [1, 2, 3] {
        let found = suggestions(&word[..length]).await;
        assert!((1..=10).contains(&found.len()), "{length}: {found:?}");
        let texts = found
            .iter()
            .map(|suggestion| suggestion["text"].as_str().unwrap().to_lowercase());
        assert!(
            texts.clone().all(|text| text.starts_with(&word[..length])),
            "{found:?}"
        );
    }
    for q in [
        format!("{word}zzzz"),
        "!!!".to_owned(),
        "🏗".to_owned(),
        "%".to_owned(),
        "_".to_owned(),
    ] {
        assert_eq!(suggestions(&q).await, Vec::<Value>::new(), "{q}");
    }
}

#[tokio::test]
async fn a_text_is_needed_and_bounded() {
    let asker = Asker::anybody();
    for query in [
        "",
        "?q=",
        "?q=%20",
        "?q=%00",
        &format!("?q={}", "x".repeat(201)),
        "?q=a&limit=5",
    ] {
        let answer = asker.get(&format!("/v1/search/suggest{query}")).await;
        assert_eq!(answer.status().as_u16(), 422, "{query}");
    }
}
