use super::*;
use proptest::prelude::*;
use time::Duration;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-08-24 17:00 UTC);

fn candidate(kind: SearchType, id: &str) -> Candidate {
    Candidate {
        kind,
        id: id.to_owned(),
        relevance: 0.4,
        is_literal: true,
        name: NameMatch::Part,
        is_live: true,
        happens_at: None,
        distance: None,
        status: None,
        category: None,
        city: None,
    }
}

/// The ids in their order, of contractors that a change tells apart.
fn order(radius: Option<Distance>, candidates: Vec<Candidate>) -> Vec<String> {
    let ranked = ranked(candidates, NOW, radius);
    ranked.into_iter().map(|(_, candidate)| candidate.id).collect()
}

#[test]
fn the_whole_name_comes_first_whatever_fits_else() {
    let whole = Candidate {
        name: NameMatch::Whole,
        relevance: 0.0,
        is_literal: false,
        is_live: false,
        ..candidate(SearchType::Contractor, "whole")
    };
    let begun = Candidate {
        name: NameMatch::Beginning,
        ..candidate(SearchType::Contractor, "begun")
    };
    let part = Candidate {
        relevance: 0.5,
        ..candidate(SearchType::Contractor, "part")
    };
    assert_eq!(order(None, vec![part, begun, whole]), ["whole", "begun", "part"]);
}

#[test]
fn what_is_new_or_soon_or_near_comes_before_its_like() {
    let project = |id: &str, days: i64| Candidate {
        happens_at: Some(NOW - Duration::days(days)),
        ..candidate(SearchType::Project, id)
    };
    assert_eq!(
        order(None, vec![project("old", 90), project("new", 1)]),
        ["new", "old"]
    );
    let event = |id: &str, days: i64, is_live: bool| Candidate {
        happens_at: Some(NOW + Duration::days(days)),
        is_live,
        ..candidate(SearchType::Event, id)
    };
    let events = vec![
        event("past", -1, false),
        event("later", 80, true),
        event("soon", 2, true),
    ];
    assert_eq!(order(None, events), ["soon", "later", "past"]);
    let firm = |id: &str, miles: f64| Candidate {
        distance: Some(Distance::from_miles(miles)),
        ..candidate(SearchType::Contractor, id)
    };
    let radius = Some(Distance::from_miles(25.0));
    assert_eq!(
        order(radius, vec![firm("far", 20.0), firm("near", 3.0)]),
        ["near", "far"]
    );
}

#[test]
fn equals_stand_by_kind_and_id() {
    let equals = vec![
        candidate(SearchType::Course, "1"),
        candidate(SearchType::Contractor, "2"),
        candidate(SearchType::Contractor, "1"),
    ];
    let ranked = ranked(equals, NOW, None);
    let places: Vec<_> = ranked
        .iter()
        .map(|(_, candidate)| (candidate.kind, candidate.id.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            (SearchType::Contractor, "1"),
            (SearchType::Contractor, "2"),
            (SearchType::Course, "1")
        ]
    );
    assert_eq!(ranked[0].0, ranked[2].0);
    assert!((ranked[0].0.value() - 0.6).abs() < 1e-9);
}

#[test]
fn facets_count_each_value_once_a_candidate() {
    let with = |city: Option<&str>, status: Option<&str>| Candidate {
        city: city.map(str::to_owned),
        status: status.map(str::to_owned),
        ..candidate(SearchType::Contractor, "1")
    };
    let candidates = vec![
        with(Some("OAKLAND"), Some("CLEAR")),
        with(Some("Oakland"), Some("CLEAR")),
        with(Some("Albany"), Some("SUSPENDED")),
        with(None, None),
        candidate(SearchType::Course, "2"),
    ];
    let candidates = ranked(candidates, NOW, None);
    let counted = |of: Facet, cap: usize| -> Vec<(String, usize, bool)> {
        let values = facet(of, &candidates, cap).into_iter();
        values
            .map(|value| (value.value, value.count, value.is_capped))
            .collect()
    };
    assert_eq!(
        counted(Facet::City, 9),
        [("Oakland".to_owned(), 2, false), ("Albany".to_owned(), 1, false)]
    );
    assert_eq!(
        counted(Facet::Status, 4),
        [("CLEAR".to_owned(), 2, true), ("SUSPENDED".to_owned(), 1, true)]
    );
    assert_eq!(
        counted(Facet::Type, 4),
        [
            ("CONTRACTOR".to_owned(), 4, true),
            ("COURSE".to_owned(), 1, false)
        ]
    );
    assert_eq!(counted(Facet::Category, 4), []);
}

proptest! {
    #[test]
    fn a_score_is_finite_and_grows_with_each_part(relevance in 0.0..1.0_f64, days in -40_000..40_000_i64, metres in 0.0..8e5_f64) {
        let plain = Candidate {
            relevance,
            is_literal: false,
            is_live: false,
            happens_at: Some(NOW + Duration::days(days)),
            distance: Some(Distance::from_metres(metres)),
            ..candidate(SearchType::Project, "1")
        };
        let radius = Some(Distance::from_metres(8e5));
        let score = |candidate: &Candidate| candidate.score(NOW, radius);
        prop_assert!((0.0..1.3).contains(&score(&plain).value()));
        let better = [
            Candidate { is_literal: true, ..plain.clone() },
            Candidate { is_live: true, ..plain.clone() },
            Candidate { name: NameMatch::Beginning, ..plain.clone() },
        ];
        for better in better {
            prop_assert!(score(&better) > score(&plain));
        }
    }
}
