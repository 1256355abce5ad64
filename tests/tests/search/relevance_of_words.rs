//! What stands before what.

use crate::support::{Asker, add_contractor, add_event, add_project, marker};

#[tokio::test]
async fn the_whole_name_comes_before_its_beginning_and_that_before_a_mention() {
    let word = marker();
    let mention = add_project(
        "Town hall",
        &format!("description = 'By {word} tile and others.'"),
    )
    .await;
    let longer = add_contractor(&format!("{word} TILE OF FRESNO"), "", "").await;
    let whole = add_contractor(&format!("{word} TILE"), "", "").await;
    let found = Asker::anybody().ids(&format!("{word} tile"), "").await;
    assert_eq!(found, [whole, longer, mention]);
}

#[tokio::test]
async fn what_is_of_use_now_comes_before_what_is_over() {
    let word = marker();
    let over = add_project(
        &format!("{word} hall"),
        "status = 'COMPLETED', published_at = now() - interval '2 years'",
    )
    .await;
    let open = add_project(
        &format!("{word} hall"),
        "published_at = now() - interval '40 days'",
    )
    .await;
    let fresh = add_project(&format!("{word} hall"), "").await;
    assert_eq!(Asker::anybody().ids(&word, "").await, [fresh, open, over]);
    let word = marker();
    let past = add_event(
        &format!("{word} fair"),
        "starts_at = now() - interval '9 days', ends_at = now() - interval '8 days'",
    )
    .await;
    let later = add_event(
        &format!("{word} fair"),
        "starts_at = now() + interval '90 days', ends_at = now() + interval '91 days'",
    )
    .await;
    let soon = add_event(&format!("{word} fair"), "").await;
    assert_eq!(Asker::anybody().ids(&word, "").await, [soon, later, past]);
}

#[tokio::test]
async fn what_was_typed_comes_before_its_kin() {
    let word = marker();
    let kin = add_contractor(&format!("{word} POWER"), ", classifications", ", '{C-10}'").await;
    let typed = add_contractor(&format!("POWER {word} ELECTRIC"), "", "").await;
    assert_eq!(
        Asker::anybody().ids(&format!("{word} electric"), "").await,
        [typed, kin]
    );
}

#[tokio::test]
async fn a_word_that_only_names_the_kind_is_not_looked_for() {
    let word = marker();
    let event = add_event(&format!("{word} mixer"), "").await;
    let firm = add_contractor(&format!("{word} PAINT"), "", "").await;
    let list = Asker::anybody().search(&format!("{word} events"), "").await;
    assert_eq!(crate::support::ids(&list), [event]);
    assert_eq!(list["matching"], "ALL");
    let list = Asker::anybody()
        .search(&format!("I need a licensed {word} contractor"), "")
        .await;
    assert_eq!(crate::support::ids(&list), [firm]);
}

#[tokio::test]
async fn the_beginning_of_a_word_finds_it() {
    let word = marker();
    let firm = add_contractor(&format!("{word}SON PAVING"), "", "").await;
    let asker = Asker::anybody();
    assert_eq!(asker.ids(&word, "").await, std::slice::from_ref(&firm));
    assert_eq!(asker.ids(&format!("paving {word}"), "").await, [firm]);
    assert_eq!(asker.ids(&format!("\"{word}\""), "").await, Vec::<String>::new());
}
