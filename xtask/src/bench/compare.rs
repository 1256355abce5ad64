//! One run beside another.

use super::report::{ByClients, CaseReport, Report, Shape};

/// Less than this is noise: by so much of itself, and by so many milliseconds.
const RELATIVE: f64 = 1.15;
const ABSOLUTE: f64 = 0.3;

/// A figure that is another than it was.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    pub(super) what: String,
    pub(super) before: f64,
    pub(super) after: f64,
}

/// What got worse, the worst first. Only cases that both runs have.
pub(super) fn worse(base: &Report, now: &Report) -> Vec<Change> {
    let mut changes = Vec::new();
    for case in &now.cases {
        let Some(before) = base.case(&case.name) else {
            continue;
        };
        for (way, old, new) in ways(before, case) {
            changes.extend(of_clients(&format!("{} {way}", case.name), old, new));
        }
        let what = format!("{} processor time of the function", case.name);
        changes.extend(change(what, before.cost.function, case.cost.function, 0.05));
    }
    changes.extend(processes(base, now));
    for package in &now.packages {
        let before = base
            .packages
            .iter()
            .find(|before| before.function == package.function);
        if let Some(before) = before {
            let what = format!("{} package, MB", package.function);
            changes.extend(change(what, before.megabytes, package.megabytes, 0.1));
        }
    }
    changes.sort_by(|one, other| (other.after / other.before).total_cmp(&(one.after / one.before)));
    changes
}

fn processes(base: &Report, now: &Report) -> Vec<Change> {
    let mut changes = Vec::new();
    for process in &now.processes {
        let Some(before) = base
            .processes
            .iter()
            .find(|before| before.function == process.function)
        else {
            continue;
        };
        let function = &process.function;
        let measures = [
            (
                "first answer, median",
                before.first_answer.p50,
                process.first_answer.p50,
                2.0,
            ),
            (
                "first poll, median",
                before.first_poll.p50,
                process.first_poll.p50,
                0.5,
            ),
            ("memory at most, MB", before.peak, process.peak, 1.0),
        ];
        for (measure, old, new, noise) in measures {
            changes.extend(change(format!("{function} {measure}"), old, new, noise));
        }
    }
    changes
}

fn ways<'a>(
    before: &'a CaseReport,
    after: &'a CaseReport,
) -> [(&'static str, &'a ByClients, &'a ByClients); 3] {
    [
        ("through the gateway", &before.gateway, &after.gateway),
        ("past the gateway", &before.function, &after.function),
        ("SQL alone", &before.bare, &after.bare),
    ]
}

fn of_clients(what: &str, before: &ByClients, after: &ByClients) -> Vec<Change> {
    let mut changes = Vec::new();
    for (clients, new) in after {
        let Some(old) = before.get(clients) else { continue };
        let named = |measure: &str| format!("{what}, {clients} clients, {measure}");
        changes.extend(change(named("median"), old.p50, new.p50, ABSOLUTE));
        // The end of the distribution is noisier.
        changes.extend(change(named("95th percentile"), old.p95, new.p95, 3.0 * ABSOLUTE));
    }
    changes
}

fn change(what: String, before: f64, after: f64, noise: f64) -> Option<Change> {
    let is_worse = before > 0.0 && after > before * RELATIVE && after > before + noise;
    is_worse.then_some(Change { what, before, after })
}

/// How many times as long single rows and lists take as in the base, at the median of a client alone: the worst of them.
pub(super) fn hot_growth(base: &Report, now: &Report) -> (String, f64) {
    let hot = now.cases.iter().filter(|case| case.shape != Shape::Other);
    let grown = hot.filter_map(|case| {
        let before = base.case(&case.name)?.function.get(&1)?.p50;
        Some((
            case.name.clone(),
            case.function.get(&1)?.p50 / before.max(f64::MIN_POSITIVE),
        ))
    });
    let worst = grown.max_by(|one, other| one.1.total_cmp(&other.1));
    worst.unwrap_or_else(|| ("none".to_owned(), 0.0))
}

#[cfg(test)]
mod tests {
    use super::super::samples_for_tests::report;
    use super::*;

    #[test]
    fn the_same_run_is_no_worse_and_a_slower_one_is_named() {
        let base = report();
        assert!(worse(&base, &base).is_empty());
        let mut slower = report();
        slower.cases[0].function.get_mut(&4).unwrap().p50 *= 2.0;
        slower.processes[0].peak += 10.0;
        let changes = worse(&base, &slower);
        let named: Vec<&str> = changes.iter().map(|change| change.what.as_str()).collect();
        assert_eq!(
            named,
            [
                "contractor past the gateway, 4 clients, median",
                "directory memory at most, MB"
            ]
        );
    }

    #[test]
    fn noise_is_no_change() {
        assert_eq!(
            change("a".to_owned(), 1.0, 1.2, ABSOLUTE),
            None,
            "a fifth of a millisecond"
        );
        assert_eq!(change("a".to_owned(), 100.0, 110.0, ABSOLUTE), None, "a tenth");
        assert!(change("a".to_owned(), 100.0, 120.0, ABSOLUTE).is_some());
    }

    #[test]
    fn growth_is_that_of_the_worst_hot_read() {
        let base = report();
        let mut tenfold = report();
        tenfold.cases[0].function.get_mut(&1).unwrap().p50 *= 1.25;
        let (case, factor) = hot_growth(&base, &tenfold);
        assert_eq!(case, "contractor");
        assert!((factor - 1.25).abs() < 1e-9);
    }
}
