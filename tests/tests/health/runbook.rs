//! Whoever is told something finds what to do.

use std::path::Path;

use portal_data::health::{CHECKS, Limit};

#[test]
fn every_alarm_has_its_section_in_the_runbook() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md");
    let text = std::fs::read_to_string(file).unwrap();
    let sections: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    for check in CHECKS {
        let there = sections.contains(&check.name);
        let expected = check.limit != Limit::Never;
        assert_eq!(
            there, expected,
            "docs/operations.md and the section {}",
            check.name
        );
    }
    for check in CHECKS.iter().filter(|check| check.limit != Limit::Never) {
        let (_, behind) = text.split_once(&format!("### {}\n", check.name)).unwrap();
        let section = behind.split("\n#").next().unwrap();
        assert!(
            section.trim().len() > 80,
            "the section {} says nothing",
            check.name
        );
    }
}
