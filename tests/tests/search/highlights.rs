//! Highlights are HTML with marks alone, whatever is stored.

use serde_json::Value;

use crate::support::{Asker, add_contractor, add_course, add_event, add_member, add_project, ids, marker};

/// What is stored: markup, quotes, entities, and the characters by which marks are told from text.
fn hostile(word: &str) -> String {
    format!(
        "<script>alert(\"{word}\")</script> {word} <img src=x onerror='alert(1)'> O'Brien & &amp; <mark> \u{e000}{word}\u{e001}\u{e001} end"
    )
}

fn check(html: &str, word: &str) {
    let plain = html.replace("<mark>", "").replace("</mark>", "");
    assert!(
        !plain.contains(['<', '>', '"', '\'', '\u{e000}', '\u{e001}']),
        "{html}"
    );
    let ampersands = plain.match_indices('&').count();
    let entities = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"]
        .iter()
        .map(|entity| plain.matches(entity).count());
    assert_eq!(ampersands, entities.sum::<usize>(), "{html}");
    assert!(html.contains(&format!("<mark>{word}</mark>")), "{html}");
    assert_eq!(
        html.matches("<mark>").count(),
        html.matches("</mark>").count(),
        "{html}"
    );
}

#[tokio::test]
async fn stored_markup_stays_text() {
    let word = marker();
    let text = hostile(&word).replace('\'', "''");
    add_contractor(&hostile(&word), ", dba_name", &format!(", '{text}'")).await;
    let described = format!("description = '{text}'");
    add_project(&hostile(&word), &described).await;
    add_event(&hostile(&word), &described).await;
    add_course(&hostile(&word), &described).await;
    add_member(&hostile(&word), &format!("bio = '{text}', company = '{text}'")).await;
    let (_, asker) = Asker::with(&["member"]).await;
    let list = asker.search(&word, "").await;
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 5);
    for item in items {
        check(item["highlights"]["title"].as_str().unwrap(), &word);
        check(item["highlights"]["text"].as_str().unwrap(), &word);
        assert!(
            item["title"].as_str().unwrap().contains("<script>"),
            "the title itself is text: {item}"
        );
    }
}

#[tokio::test]
async fn what_is_typed_is_not_repeated_as_markup() {
    let word = marker();
    let id = add_course(&format!("{word} basics"), "").await;
    let list = Asker::anybody().search(&format!("<b>{word}</b>\"'&"), "").await;
    // `b` is in no course: the words that are known are searched for.
    assert!(ids(&list).is_empty() || ids(&list) == [id]);
    assert!(!list.to_string().contains("<b>"), "{list}");
}

#[tokio::test]
async fn words_are_marked_with_their_kin() {
    let word = marker();
    add_project(
        &format!("{word} Electrical repairs"),
        "description = 'Old wiring is replaced by electricians.'",
    )
    .await;
    let list = Asker::anybody().search(&format!("{word} electrician"), "").await;
    let highlights = &list["items"][0]["highlights"];
    assert_eq!(
        highlights["title"],
        format!("<mark>{word}</mark> <mark>Electrical</mark> repairs")
    );
    assert_eq!(
        highlights["text"],
        "Old wiring is replaced by <mark>electricians</mark>."
    );
    add_course(&format!("{word} nothing more"), "description = ''").await;
    let list = Asker::anybody().search(&word, "&types=COURSE").await;
    assert_eq!(list["items"][0]["highlights"]["text"], Value::Null);
}
