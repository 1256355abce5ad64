use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use super::*;
use crate::data::dates::FILE_DAY;
use crate::data::places::Spread;

fn recipe(rows: u64) -> Recipe {
    Recipe {
        seed: 1,
        spread: Spread::Statewide,
        rows,
        drop: 0,
        change: 0,
        add: 0,
        layout: Layout::LicenseMaster,
        encoding: Encoding::Utf8,
        as_of: FILE_DAY,
        with_rejects: false,
        cut: false,
    }
}

fn file(name: &str, recipe: &Recipe) -> (Written, Vec<u8>) {
    let path: PathBuf =
        std::env::temp_dir().join(format!("portal-licences-{}-{name}.csv", std::process::id()));
    let written = write_file(&path, recipe, |_| {}).unwrap();
    let bytes = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(written.bytes, bytes.len() as u64);
    (written, bytes)
}

/// Splits a line as a reader must: quoted fields may hold commas, quotes elsewhere are letters.
fn fields(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.replace("\"\"", "\u{1}\u{1}").find('"').unwrap();
                (
                    quoted[..end].replace("\"\"", "\""),
                    quoted[end + 1..].strip_prefix(','),
                )
            }
            None => match rest.split_once(',') {
                Some((field, after)) => (field.to_owned(), Some(after)),
                None => (rest.to_owned(), None),
            },
        };
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return fields,
        }
    }
}

fn rows(bytes: &[u8]) -> BTreeMap<String, Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap();
    let rows: Vec<Vec<String>> = text.split_terminator("\r\n").skip(1).map(fields).collect();
    let count = rows.len();
    let rows: BTreeMap<String, Vec<String>> = rows.into_iter().map(|row| (row[0].clone(), row)).collect();
    assert_eq!(rows.len(), count, "a licence number came twice");
    rows
}

#[test]
fn the_same_seed_makes_the_same_bytes_and_a_longer_file_begins_with_a_shorter_one() {
    let (_, first) = file("a", &recipe(500));
    let (_, again) = file("b", &recipe(500));
    assert!(first == again);
    let (_, longer) = file("c", &recipe(700));
    assert!(longer.starts_with(&first));
    let (_, other) = file(
        "d",
        &Recipe {
            seed: 2,
            ..recipe(500)
        },
    );
    assert!(first != other);
}

#[test]
fn the_shape_is_that_of_the_measured_file() {
    let (written, bytes) = file("shape", &recipe(20_000));
    let rows = rows(&bytes);
    assert_eq!((written.rows, rows.len()), (20_000, 20_000));
    assert!(rows.values().all(|row| row.len() == 52));
    let share =
        |test: &dyn Fn(&[String]) -> bool| rows.values().filter(|row| test(row)).count() as f64 / 20_000.0;
    assert!((0.94..0.96).contains(&share(&|row| row[21] == "CLEAR")));
    assert!((0.015..0.025).contains(&share(&|row| row[7] != "CA")));
    assert!((0.20..0.30).contains(&share(&|row| row[8] == "Los Angeles")));
    assert!((0.10..0.25).contains(&share(&|row| row[9].len() == 10 && row[9].contains('-'))));
    assert!(share(&|row| row[12] == "Sole Owner" && !row[4].is_empty()) > 0.3);
    assert!(rows.values().all(|row| row[1] == "11/01/2026"));
    assert!(
        rows.keys()
            .all(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
    );
}

#[test]
fn every_oddity_turns_up() {
    let (_, bytes) = file("odd", &recipe(20_000));
    let text = String::from_utf8(bytes.clone()).unwrap();
    for wanted in [
        "MUÑOZ",
        "MUNOZ",
        "O'BRIEN",
        "& SONS CONSTRUCTION INC",
        " Bldrs",
        "| ",
        "JointVenture",
        "\"\"",
    ] {
        assert!(text.contains(wanted), "no row holds {wanted:?}");
    }
    let rows = rows(&bytes);
    let bare = text
        .lines()
        .any(|line| line.contains(" \"") && !line.contains(",\""));
    assert!(bare, "no quote stands bare");
    assert!(
        rows.values().any(|row| row[2].contains(',')),
        "no comma in a name"
    );
    assert!(
        rows.values()
            .any(|row| row[13] == "00/00/0000" || row[15] == "00/00/0000"),
        "no impossible day"
    );
    assert!(
        rows.values().any(|row| row[9].len() == 9),
        "no ZIP+4 without its hyphen"
    );
    let types: BTreeSet<&str> = rows.values().map(|row| row[12].as_str()).collect();
    assert!(types.len() >= 5);
}

#[test]
fn encodings_say_the_same_in_other_bytes() {
    let (_, plain) = file("utf8", &recipe(3_000));
    let (_, marked) = file(
        "bom",
        &Recipe {
            encoding: Encoding::Utf8Bom,
            ..recipe(3_000)
        },
    );
    assert!(marked.strip_prefix(b"\xef\xbb\xbf").unwrap() == plain);
    let (_, western) = file(
        "1252",
        &Recipe {
            encoding: Encoding::Windows1252,
            ..recipe(3_000)
        },
    );
    assert!(std::str::from_utf8(&western).is_err());
    let text = String::from_utf8(plain.clone()).unwrap();
    assert!(encoding_rs::WINDOWS_1252.decode(&western).0 == text);
    let (_, mixed) = file(
        "mixed",
        &Recipe {
            encoding: Encoding::Mixed,
            ..recipe(3_000)
        },
    );
    assert!(std::str::from_utf8(&mixed).is_err() && mixed != western);
}

#[test]
fn the_next_day_differs_as_asked() {
    let (_, before) = file("day-1", &recipe(5_000));
    let next = Recipe {
        drop: 40,
        change: 300,
        add: 25,
        ..recipe(5_000)
    };
    let (written, after) = file("day-2", &next);
    let (before, after) = (rows(&before), rows(&after));
    assert_eq!(written.rows, 4_985);
    let vanished = before
        .keys()
        .filter(|number| !after.contains_key(*number))
        .count();
    let new = after
        .keys()
        .filter(|number| !before.contains_key(*number))
        .count();
    let changed = before
        .iter()
        .filter(|(number, row)| after.get(*number).is_some_and(|later| later != *row))
        .count();
    assert_eq!((vanished, new, changed), (40, 25, 300));
    let moved = before
        .iter()
        .filter(|(number, row)| after.get(*number).is_some_and(|later| later[8] != row[8]))
        .count();
    assert!(moved > 10, "only {moved} firms moved");
}

#[test]
fn rejects_are_few_and_of_every_kind() {
    let (written, bytes) = file(
        "rejects",
        &Recipe {
            with_rejects: true,
            ..recipe(3_000)
        },
    );
    assert_eq!((written.rows, written.rejects), (2_988, 12));
    let text = String::from_utf8(bytes).unwrap();
    let rows: Vec<Vec<String>> = text.split_terminator("\r\n").skip(1).map(fields).collect();
    assert_eq!(rows.iter().filter(|row| row.len() != 52).count(), 6);
    assert_eq!(
        rows.iter()
            .filter(|row| row.len() == 52 && row[0].is_empty())
            .count(),
        2
    );
    assert_eq!(
        rows.iter()
            .filter(|row| row.len() == 52 && row[2].is_empty() && row[4].is_empty())
            .count(),
        2
    );
    assert_eq!(rows.iter().filter(|row| row[0] == "PENDING").count(), 2);
}

#[test]
fn a_county_list_and_a_cut_file_can_be_had() {
    let (_, bytes) = file(
        "county",
        &Recipe {
            layout: Layout::CountyList,
            ..recipe(200)
        },
    );
    assert!(bytes.starts_with(b"LicenseNumber,BusinessType,"));
    assert!(rows(&bytes).values().all(|row| row.len() == 24));
    let (_, whole) = file("whole", &recipe(50));
    let (_, cut) = file(
        "cut",
        &Recipe {
            cut: true,
            ..recipe(50)
        },
    );
    assert!(whole.starts_with(&cut) && !cut.ends_with(b"\n"));
}

#[test]
fn too_much_change_is_refused() {
    let path = std::env::temp_dir().join(format!("portal-licences-{}-refused.csv", std::process::id()));
    let error = write_file(
        &path,
        &Recipe {
            drop: 8,
            change: 5,
            ..recipe(10)
        },
        |_| {},
    )
    .unwrap_err();
    assert!(format!("{error:#}").contains("cannot drop 8 and change 5"));
    assert!(!path.exists(), "a file was begun");
}
