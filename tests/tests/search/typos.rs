//! Misspelt words find what was meant, and the answer says what was searched for.

use serde_json::{Value, json};

use crate::support::{Asker, add_contractor, add_project, ids, marker, refresh_dictionary, sorted};

#[tokio::test]
async fn a_word_that_finds_nothing_is_corrected() {
    let word = marker();
    let firm = add_contractor(&format!("{word} ROOFING"), "", "").await;
    refresh_dictionary().await;
    let asker = Asker::anybody();
    let swapped = format!("{}{}{}{}", &word[..4], &word[5..6], &word[4..5], &word[6..]);
    let doubled = format!("{}{}", &word[..3], &word[2..]);
    let missing = format!("{}{}", &word[..7], &word[8..]);
    let wrong = format!("{}q{}", &word[..5], &word[6..]);
    for misspelt in [swapped, doubled, missing, wrong]
        .iter()
        .filter(|misspelt| **misspelt != word)
    {
        let list = asker.search(misspelt, "").await;
        assert_eq!(ids(&list), std::slice::from_ref(&firm), "{misspelt}: {list}");
        assert_eq!(
            (&list["searchedFor"], &list["didYouMean"]),
            (&json!(word), &json!(word))
        );
        assert_eq!(list["matching"], "ALL");
        let list = asker.search(&format!("roofing {misspelt}"), "").await;
        assert_eq!(list["searchedFor"], format!("roofing {word}"));
        assert_eq!(ids(&list), std::slice::from_ref(&firm));
    }
    let right = asker.search(&word, "").await;
    assert_eq!(
        (&right["searchedFor"], &right["didYouMean"]),
        (&json!(word), &Value::Null)
    );
}

#[tokio::test]
async fn a_word_that_finds_little_is_searched_for_and_another_named() {
    let word = marker();
    let slip = format!("{}{}", &word[..7], &word[8..]);
    for number in 0..25 {
        add_contractor(&format!("{word} {number}"), "", "").await;
    }
    let odd = add_contractor(&format!("{slip} LLC"), "", "").await;
    refresh_dictionary().await;
    let list = Asker::anybody().search(&slip, "").await;
    assert_eq!(ids(&list), [odd]);
    assert_eq!(
        (&list["searchedFor"], &list["didYouMean"]),
        (&json!(slip), &json!(word))
    );
}

#[tokio::test]
async fn the_pages_of_a_corrected_search_are_those_of_the_correction() {
    let word = marker();
    let mut added = Vec::new();
    for number in 0..5 {
        added.push(add_project(&format!("{word} hall {number}"), "").await);
    }
    refresh_dictionary().await;
    let asker = Asker::anybody();
    let misspelt = format!("{}{}", &word[..7], &word[8..]);
    let first = format!("/v1/search?q={misspelt}&limit=2");
    let mut found = Vec::new();
    let mut next = first.clone();
    loop {
        let list = asker.json(&next).await;
        assert_eq!(
            (&list["searchedFor"], &list["didYouMean"]),
            (&json!(word), &json!(word))
        );
        found.extend(ids(&list));
        match list["nextCursor"].as_str() {
            Some(cursor) => next = format!("{first}&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(sorted(found), sorted(added));
}

#[tokio::test]
async fn where_nothing_has_all_words_some_do() {
    let (one, other, third) = (marker(), marker(), marker());
    let both = add_project(&format!("{one} {other}"), "").await;
    let single = add_project(&format!("{one} hall"), "").await;
    add_contractor(&format!("{third} INC"), "", "").await;
    refresh_dictionary().await;
    let asker = Asker::anybody();
    let list = asker.search(&format!("{one} {other} {third}"), "").await;
    assert_eq!(
        (ids(&list), &list["matching"]),
        (vec![both.clone()], &json!("SOME"))
    );
    let list = asker.search(&format!("{one} {third}"), "&types=PROJECT").await;
    assert_eq!(sorted(ids(&list)), sorted(vec![both.clone(), single.clone()]));
    let list = asker.search(&format!("{one} {}", marker()), "").await;
    assert_eq!(sorted(ids(&list)), sorted(vec![both.clone(), single]));
    assert_eq!(list["matching"], "SOME");
    let list = asker.search(&format!("{one} {other}"), "").await;
    assert_eq!((ids(&list), &list["matching"]), (vec![both], &json!("ALL")));
    let list = asker.search(&format!("{} {}", marker(), marker()), "").await;
    assert_eq!((ids(&list), &list["matching"]), (vec![], &json!("ALL")));
}

#[tokio::test]
async fn short_words_and_numbers_are_left_as_they_are() {
    let asker = Asker::anybody();
    for q in ["zqx", "qqz9", "123"] {
        let list = asker.search(q, "&types=COURSE").await;
        assert_eq!(list["didYouMean"], Value::Null, "{list}");
        assert_eq!(list["searchedFor"], q);
    }
}
