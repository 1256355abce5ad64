//! What somebody may not see is not found, not counted, not suggested and not corrected to.

use crate::support::{
    Asker, add_course, add_event, add_member, add_project_of, encoded, facet, ids, marker, owner,
    refresh_dictionary, sorted,
};
use portal_tests::members::Member;

struct Projects {
    word: String,
    by: Member,
    /// By visibility and state.
    ids: Vec<(&'static str, String)>,
}

async fn projects() -> Projects {
    let word = marker();
    let by = Member::add(&mut owner().await, &format!("poster-{}", marker()), &["member"]).await;
    let mut ids = Vec::new();
    for (name, changes) in [
        ("public", ""),
        ("past", "status = 'COMPLETED'"),
        ("members", "visibility = 'MEMBERS_ONLY'"),
        ("invited", "visibility = 'INVITE_ONLY'"),
        ("private", "visibility = 'PRIVATE'"),
        ("draft", "status = 'DRAFT', published_at = NULL"),
        ("deleted", "deleted_at = now()"),
    ] {
        ids.push((name, add_project_of(&by, &format!("Mural {word}"), changes).await));
    }
    Projects { word, by, ids }
}

#[tokio::test]
async fn everybody_finds_and_counts_what_they_may_see() {
    let Projects {
        word,
        by,
        ids: projects,
    } = projects().await;
    let (guest, guest_asks) = Asker::with(&["member"]).await;
    let invited = &projects.iter().find(|(name, _)| *name == "invited").unwrap().1;
    sqlx::query(
        "INSERT INTO project_invitations (project_id, user_id, invited_by) VALUES ($1::uuid, $2, $3)",
    )
    .bind(invited)
    .bind(guest.id)
    .bind(by.id)
    .execute(&mut owner().await)
    .await
    .unwrap();
    let askers = [
        (Asker::anybody(), &["public", "past"][..]),
        (Asker::with(&["member"]).await.1, &["public", "past", "members"]),
        (guest_asks, &["public", "past", "members", "invited"]),
        (
            Asker::member(&by).await,
            &["public", "past", "members", "invited", "private", "draft"],
        ),
        (
            Asker::with(&["project_manager"]).await.1,
            &["public", "past", "members", "invited", "private", "draft"],
        ),
    ];
    for (asker, names) in askers {
        let expected: Vec<_> = projects
            .iter()
            .filter(|(name, _)| names.contains(name))
            .map(|(_, id)| id.clone())
            .collect();
        for rest in ["&count=exact", "&count=exact&types=PROJECT&category=COMMERCIAL"] {
            let list = asker.search(&word, rest).await;
            assert_eq!(sorted(ids(&list)), sorted(expected.clone()), "{names:?} {rest}");
            assert_eq!(list["total"], expected.len(), "{names:?} {rest}");
            let counted: i64 = facet(&list, "statuses").iter().map(|(_, count)| count).sum();
            assert_eq!(usize::try_from(counted), Ok(expected.len()), "{names:?} {rest}");
        }
    }
}

#[tokio::test]
async fn events_and_courses_keep_their_own_rules() {
    let word = marker();
    let shown = add_event(&format!("{word} gala"), "").await;
    let inside = add_event(&format!("{word} dinner"), "visibility = 'MEMBERS_ONLY'").await;
    add_event(&format!("{word} idea"), "status = 'DRAFT'").await;
    let course = add_course(&format!("{word} basics"), "").await;
    add_course(&format!("{word} plans"), "is_published = false").await;
    assert_eq!(
        sorted(Asker::anybody().ids(&word, "").await),
        sorted(vec![shown.clone(), course.clone()])
    );
    let (_, member) = Asker::with(&["member"]).await;
    assert_eq!(
        sorted(member.ids(&word, "").await),
        sorted(vec![shown, inside, course])
    );
}

#[tokio::test]
async fn members_are_found_by_members_alone() {
    let word = marker();
    let found = add_member(&word, "bio = 'I restore murals.'").await;
    for changes in ["approved_at = NULL", "is_active = false", "deleted_at = now()"] {
        add_member(&word, changes).await;
    }
    let anybody = Asker::anybody();
    for rest in ["", "&types=MEMBER"] {
        let list = anybody.search(&word, rest).await;
        assert_eq!(ids(&list), Vec::<String>::new());
        assert_eq!(facet(&list, "types"), []);
    }
    let (_, member) = Asker::with(&["member"]).await;
    assert_eq!(
        member.ids(&format!("{word} murals"), "").await,
        [found.id.to_string()]
    );
}

#[tokio::test]
async fn the_dictionary_holds_public_words_alone() {
    let by = Member::add(&mut owner().await, &format!("poster-{}", marker()), &["member"]).await;
    let public = marker();
    add_project_of(&by, &format!("Mural {public}"), "").await;
    let mut hidden = Vec::new();
    for changes in [
        "visibility = 'MEMBERS_ONLY'",
        "visibility = 'INVITE_ONLY'",
        "visibility = 'PRIVATE'",
        "status = 'DRAFT', published_at = NULL",
        "deleted_at = now()",
    ] {
        hidden.push(marker());
        add_project_of(&by, &format!("Mural {}", hidden.last().unwrap()), changes).await;
    }
    for (title, changes) in [
        ("dinner", "visibility = 'MEMBERS_ONLY'"),
        ("idea", "status = 'DRAFT'"),
    ] {
        hidden.push(marker());
        add_event(&format!("{} {title}", hidden.last().unwrap()), changes).await;
    }
    hidden.push(marker());
    add_course(
        &format!("{} plans", hidden.last().unwrap()),
        "is_published = false",
    )
    .await;
    hidden.push(marker());
    add_member(hidden.last().unwrap(), "").await;
    refresh_dictionary().await;

    // Whoever may see them: the words of a dictionary are everybody's.
    for asker in [Asker::anybody(), Asker::with(&["administrator"]).await.1] {
        let suggestions = async |word: &str| {
            let list = asker
                .json(&format!("/v1/search/suggest?q={}", encoded(&word[..8])))
                .await;
            list["suggestions"].as_array().unwrap().clone()
        };
        assert_eq!(suggestions(&public).await[0]["text"], public);
        for word in &hidden {
            assert_eq!(suggestions(word).await, Vec::<serde_json::Value>::new(), "{word}");
        }
        let misspelt = |word: &str| format!("{}{}", &word[..5], &word[6..]);
        let answer = asker.search(&misspelt(&public), "").await;
        assert_eq!(answer["didYouMean"], public, "{answer}");
        for word in &hidden {
            let answer = asker.search(&misspelt(word), "").await;
            assert_eq!(answer["didYouMean"], serde_json::Value::Null, "{answer}");
            assert_eq!(answer["items"], serde_json::json!([]), "{answer}");
        }
    }
}
