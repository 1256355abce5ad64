use super::super::MOST_WORDS;
use super::*;
use proptest::prelude::*;

fn shown(text: &str) -> String {
    SearchWords::parse(text).to_string()
}

#[test]
fn case_accents_and_width_do_not_matter() {
    for text in ["Muñoz", "MUÑOZ", "mun\u{303}oz", "ｍｕñｏｚ"] {
        assert_eq!(shown(text), "munoz", "{text:?}");
    }
    assert_eq!(shown("ﬁre ①"), "fire 1");
}

#[test]
fn phrases_exclusions_and_alternatives_keep_their_meaning() {
    assert_eq!(
        shown("  roof  \"High School\" -tile "),
        "roof \"high school\" -tile"
    );
    assert_eq!(shown("Roof OR solar fresno"), "roof or solar fresno");
    assert_eq!(
        shown("“Golden Gate” -“Daly City”"),
        "\"golden gate\" -\"daly city\""
    );
    assert_eq!(shown("\"never closed"), "\"never closed\"");
    assert_eq!(shown("a - b, c"), "a b c");
}

#[test]
fn what_asks_for_nothing_is_empty() {
    for text in [
        "",
        "   ",
        "!!!",
        "-",
        "\"\"",
        "or",
        "-tile",
        "or or",
        "🏗️ 👷",
        "\u{1}\u{7f}",
        "& | ! ( ) :* <->",
    ] {
        assert!(SearchWords::parse(text).is_empty(), "{text:?}");
    }
    assert_eq!(shown("or tile or -roof or"), "tile");
}

#[test]
fn punctuation_inside_a_word_leaves_both_its_forms() {
    let words = SearchWords::parse("O'Brien B&B A.B.C. Tri-Valley");
    let parts: Vec<_> = words.clauses[0]
        .iter()
        .map(|term| term.words[0].parts.join("|"))
        .collect();
    assert_eq!(parts, ["o|brien", "b|b", "a|b|c", "tri|valley"]);
    assert_eq!(words.to_string(), "o'brien b&b a.b.c tri-valley");
}

#[test]
fn a_class_is_one_word_in_every_spelling() {
    let classes = |text: &str| -> Vec<String> {
        let words = SearchWords::parse(text);
        words
            .clauses
            .iter()
            .flatten()
            .filter_map(|term| term.word()?.class.clone())
            .collect()
    };
    for text in [
        "C10",
        "c-10",
        "C 10",
        "class C10",
        "class C 10",
        "c10 license",
        "C-10 classification",
        "C010",
    ] {
        assert_eq!(classes(text), ["c10"], "{text:?}");
    }
    assert_eq!(classes("D-49"), ["c49"]);
    assert_eq!(classes("class B oakland"), ["classb"]);
    assert_eq!(classes("license A"), ["classa"]);
    for text in [
        "OSHA 30",
        "B & B",
        "a license",
        "c 100",
        "\"c 10\"",
        "-c 10",
        "10",
    ] {
        assert_eq!(classes(text), Vec::<String>::new(), "{text:?}");
    }
}

#[test]
fn the_last_word_may_go_on_unless_something_follows_it() {
    let beginning = |text: &str| SearchWords::parse(text).beginning().map(str::to_owned);
    assert_eq!(beginning("oakland Plumb").as_deref(), Some("plumb"));
    for text in [
        "plumb ",
        "plumb!",
        "plu",
        "\"plumb\"",
        "-plumb",
        "c10",
        "o'brien",
        "area51",
        "",
    ] {
        assert_eq!(beginning(text), None, "{text:?}");
    }
}

#[test]
fn what_is_being_typed_can_be_completed() {
    let words = SearchWords::parse("\"golden gate\" Pl");
    assert_eq!(words.last_begun(), Some("pl"));
    assert_eq!(words.completed("plumbing"), "\"golden gate\" plumbing");
    for text in ["pl ", "\"pl", "-pl", "o'b", ""] {
        assert_eq!(SearchWords::parse(text).last_begun(), None, "{text:?}");
    }
}

#[test]
fn a_number_alone_is_that_of_a_licence() {
    let number = |text: &str| SearchWords::parse(text).number();
    for text in ["1012345", "#1012345", "Lic. 1012345", "CSLB license no. 1012345"] {
        assert_eq!(number(text).as_deref(), Some("1012345"), "{text:?}");
    }
    for text in [
        "1012345 oakland",
        "24 hour 12345",
        "C-10",
        "-12345",
        "1234567890123",
        "",
    ] {
        assert_eq!(number(text), None, "{text:?}");
    }
}

#[test]
fn a_new_spelling_takes_the_place_of_the_old() {
    let words = SearchWords::parse("palmbing \"oakalnd roof\" -palmbing");
    let known = |word: &str| match word {
        "palmbing" => Some("plumbing".to_owned()),
        "oakalnd" => Some("oakland".to_owned()),
        _ => None,
    };
    assert_eq!(
        words.with_spelling(known).unwrap().to_string(),
        "plumbing \"oakland roof\" -palmbing"
    );
    assert_eq!(words.with_spelling(|_| None), None);
}

#[test]
fn a_long_text_is_read_to_a_limit() {
    let words = SearchWords::parse(&"word ".repeat(2_000));
    assert_eq!(words.clauses[0].len(), MOST_WORDS);
    let one = SearchWords::parse(&"x".repeat(10_000));
    assert_eq!(one.clauses[0][0].words[0].parts[0].len(), LONGEST_WORD);
}

proptest! {
    #[test]
    fn any_text_is_read_and_reads_the_same_again(text in "(\\PC|[ \"'&|!():*<>,.-]| or | c ?1){0,60}") {
        let words = SearchWords::parse(&text);
        let again = SearchWords::parse(&words.to_string());
        prop_assert_eq!(again.to_string(), words.to_string());
        prop_assert_eq!(again.clauses, words.clauses);
    }
}
