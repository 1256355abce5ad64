use super::*;
use proptest::prelude::*;

fn literal(text: &str) -> String {
    SearchWords::parse(text).literal()
}

fn wanted(text: &str, kind: SearchType) -> String {
    SearchWords::parse(text).wanted(kind, &[])
}

#[test]
fn typed_words_are_all_wanted() {
    assert_eq!(literal("Solar Oakland"), "('solar' & 'oakland')");
    assert_eq!(
        literal("roof -\"tile roof\" or pools"),
        "(('roof' & !('tile' <-> 'roof')) | 'pools')"
    );
    assert_eq!(literal("\"golden gate\""), "('golden' <-> 'gate')");
    assert_eq!(literal("C08"), "('c08' | 'c8')");
    assert_eq!(literal("!!!"), "");
}

#[test]
fn punctuation_is_looked_for_with_and_without() {
    assert_eq!(literal("O'Brien"), "('obrien' | ('o' <-> 'brien'))");
    assert_eq!(literal("\"O'Brien Tile\""), "('o' <-> 'brien' <-> 'tile')");
    assert_eq!(literal("-B&B x"), "(!('bb' | ('b' <-> 'b')) & 'x')");
}

#[test]
fn a_word_brings_its_trade_its_class_and_what_it_begins() {
    assert_eq!(
        wanted("electrician oakland ", SearchType::Contractor),
        "(('electrician' | 'electric':* | 'c10') & 'oakland')"
    );
    assert_eq!(wanted("C08 ", SearchType::Project), "('c08' | 'c8')");
    assert_eq!(wanted("C-10", SearchType::Project), "('c10' | ('c' <-> '10'))");
    let words = SearchWords::parse("solar constructi");
    assert_eq!(
        words.wanted(SearchType::Project, &["construction".to_owned()]),
        "(('solar' | 'solar':* | 'c46') & ('constructi' | 'constructi':* | 'construction'))"
    );
    assert_eq!(
        wanted("\"electrician\" -plumber x", SearchType::Event),
        "('electrician' & !'plumber' & 'x')"
    );
}

#[test]
fn what_says_little_is_not_asked_for_unless_it_is_all() {
    assert_eq!(
        wanted("I need a mural contractor in Fresno ", SearchType::Contractor),
        "('mural' & 'fresno')"
    );
    assert_eq!(wanted("networking events ", SearchType::Event), "'networking'");
    assert_eq!(
        wanted("networking events ", SearchType::Project),
        "('networking' & 'events')"
    );
    assert_eq!(wanted("contractors ", SearchType::Contractor), "'contractors'");
    assert_eq!(wanted("the who ", SearchType::Member), "('the' & 'who')");
    assert_eq!(
        SearchWords::parse("roofing contractors for projects").essential(),
        "'roofing'"
    );
    assert_eq!(SearchWords::parse("contractors").essential(), "'contractors'");
}

#[test]
fn some_are_any_two_of_the_rarest() {
    let words = SearchWords::parse("mural fresno church xyzzy -tile ");
    let documents = |word: &str| match word {
        "mural" => 5,
        "church" => 20,
        "fresno" => 900,
        _ => 0,
    };
    assert_eq!(
        words.some(SearchType::Project, &documents).unwrap(),
        "((('mural' & 'church') | ('mural' & 'fresno') | ('church' & 'fresno')) & !'tile')"
    );
    let two = SearchWords::parse("mural church ");
    assert_eq!(
        two.some(SearchType::Project, &documents).unwrap(),
        "('mural' | 'church')"
    );
    let one_known = SearchWords::parse("mural xyzzy ");
    assert_eq!(
        one_known.some(SearchType::Project, &documents).unwrap(),
        "'mural'"
    );
    for text in ["mural ", "xyzzy plugh ", "mural project "] {
        assert_eq!(
            SearchWords::parse(text).some(SearchType::Project, &documents),
            None,
            "{text}"
        );
    }
}

#[test]
fn the_rarest_word_bounds_the_share() {
    let of = |word: &str| match word {
        "inc" => 0.25,
        "roofing" => 0.05,
        "c39" => 0.04,
        _ => 0.0,
    };
    let share = |text: &str| SearchWords::parse(text).share(SearchType::Contractor, &of);
    assert!((share("roofing inc") - 0.09).abs() < 1e-6);
    assert!((share("roofing or inc") - 0.34).abs() < 1e-6);
    assert!(share("roofing xyzzy").abs() < 1e-6);
    assert!((share("inc contractors") - 0.25).abs() < 1e-6);
}

proptest! {
    /// What PostgreSQL could refuse is a word with a quote, a backslash or nothing in it, or an operator without a word.
    #[test]
    fn a_query_holds_operators_and_quoted_words_alone(text in "(\\PC|[ \"'&|!():*<>\\\\,.-]| or ){0,60}") {
        let words = SearchWords::parse(&text);
        for query in [words.literal(), words.essential(), words.wanted(SearchType::Contractor, &[]), words.wanted(SearchType::Course, &[])] {
            prop_assert_eq!(query.is_empty(), words.is_empty());
            for (place, part) in query.split('\'').enumerate() {
                if place % 2 == 1 {
                    prop_assert!(!part.is_empty() && part.chars().all(char::is_alphanumeric), "{}", query);
                } else {
                    prop_assert!(part.chars().all(|c| " ()&|!<->:*".contains(c)), "{}", query);
                }
            }
        }
    }
}
