//! Licence numbers, names and classes are found as people type them.

use crate::support::{Asker, add_contractor, add_project, marker, sorted};

#[tokio::test]
async fn a_licence_number_is_found_whole_and_by_its_beginning() {
    let asker = Asker::anybody();
    let number = add_contractor(&format!("{} BUILDERS", marker()), "", "").await;
    for q in [
        &number,
        &format!("#{number}"),
        &format!(" Lic. {number} "),
        &format!("CSLB license {number}"),
    ] {
        assert_eq!(asker.ids(q, "").await, std::slice::from_ref(&number), "{q}");
    }
    let begun = asker.ids(&number[..11], "").await;
    assert!(begun.contains(&number), "{begun:?}");
    assert_eq!(asker.ids(&number, "&types=PROJECT").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_name_is_found_in_any_case_with_and_without_punctuation() {
    let asker = Asker::anybody();
    let word = marker();
    let name = format!("O'{word} & Sons, Inc.").to_uppercase();
    let firm = add_contractor(&name, "", "").await;
    // A longer name with all the same words is no better.
    let longer = add_contractor(
        &format!("THE NEW O'{word} & SONS & DAUGHTERS INC").to_uppercase(),
        "",
        "",
    )
    .await;
    for q in [
        format!("O'{word} & Sons, Inc."),
        format!("o'{word} & sons inc"),
        format!("O{word} Sons Inc"),
        format!("o\u{2019}{word} and sons inc"),
        format!("\u{d3}'{}", word.to_uppercase()),
        format!("o{word}"),
        format!("o {word}"),
    ] {
        let found = asker.ids(&q, "").await;
        assert_eq!(found.first(), Some(&firm), "{q}: {found:?}");
        assert!(found.contains(&longer), "{q}: {found:?}");
    }
    // A phrase is looked for anywhere in a name, so that both fit alike.
    let found = asker.ids(&format!("\"o'{word}\""), "").await;
    assert_eq!(sorted(found), sorted(vec![firm, longer]));
}

#[tokio::test]
async fn initials_are_one_word_and_several() {
    let asker = Asker::anybody();
    let word = marker();
    let dotted = add_contractor(&format!("Q.X.Z. {word} BLDRS"), "", "").await;
    let tied = add_contractor(&format!("Q&X {word} BLDRS"), "", "").await;
    let spaced = add_contractor(&format!("Q & X {word} BLDRS"), "", "").await;
    for q in ["qxz", "q.x.z.", "Q X Z", "q-x-z"] {
        let found = asker.ids(&format!("{q} {word} bldrs"), "").await;
        assert_eq!(found.first(), Some(&dotted), "{q}: {found:?}");
    }
    for q in ["q&x", "Q & X", "qx"] {
        let found = asker.ids(&format!("{q} {word} bldrs"), "").await;
        assert!(found.contains(&tied), "{q}: {found:?}");
        // What the name is without spaces and punctuation is both firms' name.
        assert!(found.contains(&spaced), "{q}: {found:?}");
    }
}

#[tokio::test]
async fn the_name_that_a_firm_does_business_as_is_its_name_too() {
    let asker = Asker::anybody();
    let (filed, trading) = (marker(), marker());
    let columns = ", full_business_name, dba_name";
    let values = format!(", 'Renée {filed}', '{}''S ROOF CARE'", trading.to_uppercase());
    let firm = add_contractor(&format!("{filed} RENEE"), columns, &values).await;
    for q in [
        format!("{trading}'s roof care"),
        format!("{trading}s"),
        format!("renee {filed}"),
        format!("RENÉE {filed}"),
    ] {
        assert_eq!(asker.ids(&q, "").await, std::slice::from_ref(&firm), "{q}");
    }
}

#[tokio::test]
async fn accents_never_matter() {
    let asker = Asker::anybody();
    let word = marker();
    let firm = add_contractor(&format!("MUÑOZ {word} ÁLVAREZ"), "", "").await;
    let apart = add_contractor(&format!("MUN\u{303}OZ {word} A\u{301}LVAREZ"), "", "").await;
    for q in [
        format!("munoz {word}"),
        format!("Muñoz {word} alvarez"),
        format!("{word} ÁLVAREZ"),
        format!("mun\u{303}oz {word}"),
    ] {
        let found = asker.ids(&q, "").await;
        assert!(found.contains(&firm) && found.contains(&apart), "{q}: {found:?}");
    }
}

#[tokio::test]
async fn a_class_is_found_in_every_spelling_and_by_its_trade() {
    let asker = Asker::anybody();
    let word = marker();
    let electrical = add_contractor(&format!("{word} WIRES"), ", classifications", ", '{C-10,B}'").await;
    let plumbing = add_contractor(&format!("{word} PIPES"), ", classifications", ", '{C-36}'").await;
    let project = add_project(&format!("Lights {word}"), "license_classes = '{C-10}'").await;
    for q in [
        "C10",
        "c-10",
        "C 10",
        "class C-10",
        "C-10 license",
        "electrician",
        "c010",
    ] {
        let found = asker.ids(&format!("{word} {q}"), "").await;
        assert!(
            found.contains(&electrical) && found.contains(&project),
            "{q}: {found:?}"
        );
        assert!(!found.contains(&plumbing), "{q}: {found:?}");
    }
    for q in ["class B", "b license"] {
        assert_eq!(
            asker.ids(&format!("{q} {word}"), "").await,
            std::slice::from_ref(&electrical),
            "{q}"
        );
    }
    // A letter alone is an initial, not a class.
    assert_eq!(asker.ids(&format!("b {word}"), "").await, Vec::<String>::new());
    assert_eq!(asker.ids(&format!("{word} -c10"), "").await, [plumbing]);
}
