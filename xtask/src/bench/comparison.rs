//! Two runs as tables, in Markdown.

use super::compare::Change;
use super::report::{ByClients, Report};
use super::table::table;

/// How medians grow with the rows, for a client alone.
pub(super) fn growth(base: &Report, tenfold: &Report) -> String {
    let rows = tenfold.cases.iter().filter_map(|case| {
        let before = base.case(&case.name)?;
        let both = |old: &ByClients, new: &ByClients| Some((old.get(&1)?.p50, new.get(&1)?.p50));
        let mut row = vec![case.name.clone()];
        for (old, new) in [
            both(&before.function, &case.function)?,
            both(&before.bare, &case.bare)?,
        ] {
            let factor = new / old.max(f64::MIN_POSITIVE);
            row.extend([format!("{old:.2}"), format!("{new:.2}"), format!("{factor:.2}x")]);
        }
        Some(row)
    });
    let heads = [
        "case",
        "function p50",
        "10x",
        "factor",
        "SQL p50",
        "10x",
        "factor",
    ];
    let text = table(&heads, rows);
    format!(
        "Ten times the rows ({} at commit {}, {}), one client, in milliseconds.\n\n{text}",
        tenfold.date, tenfold.commit, tenfold.machine
    )
}

/// What got worse.
pub(super) fn changes(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "nothing got worse\n".to_owned();
    }
    let rows = changes.iter().map(|change| {
        vec![
            change.what.clone(),
            format!("{:.2}", change.before),
            format!("{:.2}", change.after),
            format!("{:.2}x", change.after / change.before),
        ]
    });
    table(&["worse", "before", "after", "factor"], rows)
}

#[cfg(test)]
mod tests {
    use super::super::samples_for_tests::report as sample;
    use super::*;

    #[test]
    fn growth_is_told_by_case() {
        let text = growth(&sample(), &sample());
        assert!(
            text.contains("| contractor | 1.30 | 1.30 | 1.00x | 0.50 | 0.50 | 1.00x |"),
            "{text}"
        );
    }

    #[test]
    fn changes_are_told_with_their_factor() {
        let change = Change {
            what: "contractor".to_owned(),
            before: 1.0,
            after: 2.5,
        };
        assert!(changes(&[change]).contains("| contractor | 1.00 | 2.50 | 2.50x |"));
        assert_eq!(changes(&[]), "nothing got worse\n");
    }
}
