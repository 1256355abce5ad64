//! What was dumped beside what was restored.

use std::collections::BTreeMap;

use portal_data::backups::TableDigest;

use crate::error::Fault;

/// How many tables that differ are named.
const NAMED: usize = 10;

/// Whether every table has the rows that it had.
///
/// # Errors
/// [`Fault::Rows`] with what differs.
pub(crate) fn compare(dumped: &[TableDigest], restored: &[TableDigest]) -> Result<(), Fault> {
    let by_name = |tables: &[TableDigest]| -> BTreeMap<String, TableDigest> {
        tables
            .iter()
            .map(|table| (table.name.clone(), table.clone()))
            .collect()
    };
    let mut restored = by_name(restored);
    let mut differences = Vec::new();
    for (name, dumped) in by_name(dumped) {
        match restored.remove(&name) {
            None => differences.push(format!("{name} is missing")),
            Some(table) if table.rows != dumped.rows => {
                differences.push(format!("{name} has {} rows and had {}", table.rows, dumped.rows));
            }
            Some(table) if table.checksum != dumped.checksum => {
                differences.push(format!("{name} has other values in its {} rows", table.rows));
            }
            Some(_) => {}
        }
    }
    differences.extend(restored.into_keys().map(|name| format!("{name} was not dumped")));
    if differences.is_empty() {
        return Ok(());
    }
    let more = differences.len().saturating_sub(NAMED);
    differences.truncate(NAMED);
    if more > 0 {
        differences.push(format!("and {more} more"));
    }
    Err(Fault::Rows(differences))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, rows: i64, checksum: &str) -> TableDigest {
        TableDigest {
            name: name.to_owned(),
            rows,
            checksum: checksum.to_owned(),
        }
    }

    #[test]
    fn the_order_of_the_tables_does_not_matter() {
        let (a, b) = (table("a", 1, "7"), table("b", 2, "8"));
        assert_eq!(compare(&[a.clone(), b.clone()], &[b, a]), Ok(()));
    }

    #[test]
    fn every_difference_is_named() {
        let dumped = [table("a", 1, "7"), table("b", 2, "8"), table("c", 3, "9")];
        let restored = [table("a", 1, "6"), table("b", 1, "8"), table("d", 0, "0")];
        let Err(Fault::Rows(differences)) = compare(&dumped, &restored) else {
            panic!("nothing was found")
        };
        assert_eq!(
            differences,
            [
                "a has other values in its 1 rows",
                "b has 1 rows and had 2",
                "c is missing",
                "d was not dumped"
            ]
        );
    }

    #[test]
    fn a_list_of_differences_stays_short() {
        let dumped: Vec<_> = (0..15).map(|n| table(&format!("t{n}"), n, "0")).collect();
        let Err(Fault::Rows(differences)) = compare(&dumped, &[]) else {
            panic!("nothing was found")
        };
        assert_eq!(differences.len(), NAMED + 1);
        assert_eq!(differences.last().unwrap(), "and 5 more");
    }
}
