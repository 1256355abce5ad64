//! Licence classifications, as often as they are held, in every spelling that the file has.

use crate::data::random::Random;

/// Weights in tenths of a per cent of all licences, roughly as the board reports them.
const CLASSES: &[(u32, &str)] = &[
    (420, "B"),
    (90, "C-10"),
    (65, "C-36"),
    (60, "A"),
    (55, "C-33"),
    (48, "C-20"),
    (47, "C-27"),
    (25, "C-39"),
    (24, "C-8"),
    (24, "C-15"),
    (23, "C-54"),
    (18, "C-9"),
    (15, "C-6"),
    (14, "C-53"),
    (13, "C-61"),
    (12, "C-5"),
    (11, "C-12"),
    (11, "C-7"),
    (10, "C-17"),
    (10, "C-35"),
    (9, "C-29"),
    (9, "C-13"),
    (8, "C-46"),
    (8, "C-42"),
    (8, "C-45"),
    (7, "C-21"),
    (7, "C-57"),
    (6, "C-51"),
    (6, "C-43"),
    (6, "B-2"),
    (5, "C-2"),
    (5, "C-16"),
    (5, "C-28"),
    (4, "C-38"),
    (4, "C-34"),
    (4, "C-50"),
    (4, "C-55"),
    (4, "C-60"),
    (3, "C-11"),
    (3, "C-22"),
    (3, "C-31"),
    (3, "C-32"),
    (3, "C-47"),
    (2, "C-4"),
    (2, "C-23"),
    (2, "C-49"),
    (12, "D-3"),
    (10, "D-12"),
    (8, "D-28"),
    (8, "D-34"),
    (7, "D-35"),
    (7, "D-52"),
    (5, "D-6"),
    (5, "D-16"),
    (5, "D-24"),
    (5, "D-29"),
    (4, "D-40"),
    (4, "D-65"),
    // Retired numbers that old licences still carry.
    (3, "D-49"),
    (1, "D-8"),
    (1, "D-22"),
    (1, "D-48"),
    (1, "D-7"),
];

/// Certificates that stand beside the classes.
const CERTIFICATES: &[(u32, &str)] = &[(70, "HAZ"), (30, "ASB")];

/// What a licence covers, most important class first; at least one, each once, in the board's own form (`C-10`).
pub(super) fn draw(random: &mut Random) -> Vec<&'static str> {
    let wanted = random.weighted(&[(68, 1), (19, 2), (8, 3), (3, 4), (1, 6), (1, 9)]);
    let mut classes = Vec::with_capacity(wanted);
    for _ in 0..wanted {
        let class = random.weighted(CLASSES);
        if !classes.contains(&class) {
            classes.push(class);
        }
    }
    if random.chance(12) {
        classes.push(random.weighted(CERTIFICATES));
    }
    classes
}

/// The field `Classifications(s)`: `B| C-9| C10| D03`.
pub(super) fn written(classes: &[&str], random: &mut Random) -> String {
    let written: Vec<String> = classes.iter().map(|class| spelled(class, random)).collect();
    written.join("| ")
}

fn spelled(class: &str, random: &mut Random) -> String {
    match class.split_once('-') {
        // Specialities are always without a hyphen and with two digits.
        Some(("D", number)) => format!("D{number:0>2}"),
        // Two-digit trades lost their hyphen in most rows; one-digit ones kept it in most.
        Some(("C", number)) if random.chance(if number.len() == 2 { 850 } else { 100 }) => {
            format!("C{number:0>2}")
        }
        _ => class.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_spelling_turns_up() {
        let mut random = Random::for_row(1, "classes", 0);
        let mut seen = BTreeSet::new();
        for _ in 0..30_000 {
            let classes = draw(&mut random);
            assert!(!classes.is_empty());
            assert_eq!(
                classes.iter().collect::<BTreeSet<_>>().len(),
                classes.len(),
                "a class came twice: {classes:?}"
            );
            seen.extend(written(&classes, &mut random).split("| ").map(str::to_owned));
        }
        for wanted in [
            "B", "B-2", "A", "C-8", "C08", "C10", "C-10", "D03", "D49", "HAZ", "ASB",
        ] {
            assert!(seen.contains(wanted), "{wanted} never came");
        }
    }
}
