//! What a run on two cores must show.

use super::compare::hot_growth;
use super::rates::worst;
use super::report::{CaseReport, Class, Package, ProcessReport, Report, Shape};
use std::collections::BTreeMap;

/// One demand, what was found, and whether that is enough.
pub(super) struct Must {
    pub(super) demand: String,
    pub(super) found: String,
    pub(super) met: bool,
}

/// The design's scripts that ours must be so many times faster than, with the case that answers the same.
const FASTER: &[(&str, &str, &str, f64)] = &[
    (
        "radius search",
        "contractors_near_100",
        "radius_contractors",
        100.0,
    ),
    (
        "full-text search of a common word",
        "search_common_firms",
        "full_text_contractors",
        100.0,
    ),
    (
        "page 1,000 of contractors",
        "contractors_page_1000",
        "page_contractors",
        500.0,
    ),
    ("heavy inbox", "conversations_full", "inbox", 100.0),
];

/// All demands. `base` is a run over the full data set, for one over ten times as much.
pub(super) fn all(report: &Report, base: Option<&Report>) -> Vec<Must> {
    let mut musts = vec![
        overhead(report, Shape::Row, 1.0),
        overhead(report, Shape::List, 1.5),
        processor(report),
        at_most(
            "a connection through the pooler, 95th percentile",
            worst(&report.acquisition.opened),
            10.0,
            "ms",
        ),
    ];
    musts.extend([Class::Single, Class::Join, Class::Search].map(|class| level(report, class)));
    musts.extend(FASTER.iter().filter_map(|demand| faster(report, demand)));
    musts.extend(processes(report));
    musts.extend(package(report));
    musts.extend(many(report));
    if let Some(base) = base {
        let (case, factor) = hot_growth(base, report);
        musts.push(at_most(
            &format!("ten times the rows: hot reads (worst: {case})"),
            factor,
            1.3,
            "times as long",
        ));
    }
    musts
}

fn at_most(demand: &str, found: f64, limit: f64, unit: &str) -> Must {
    Must {
        demand: format!("{demand}: at most {limit} {unit}"),
        found: format!("{found:.2}"),
        met: found <= limit,
    }
}

/// The one of these cases that a measure is worst for.
fn worst_of<'a>(
    cases: impl Iterator<Item = &'a CaseReport>,
    measure: impl Fn(&CaseReport) -> Option<f64>,
) -> (&'a str, f64) {
    let measured = cases.filter_map(|case| Some((case.name.as_str(), measure(case)?)));
    measured
        .max_by(|one, other| one.1.total_cmp(&other.1))
        .unwrap_or(("none", 0.0))
}

/// Function and pooler over the bare SQL, for a client alone: with more, they would only compete for the two cores.
fn overhead(report: &Report, shape: Shape, limit: f64) -> Must {
    let cases = report.cases.iter().filter(|case| case.shape == shape);
    let (name, found) = worst_of(cases, |case| {
        Some(case.function.get(&1)?.p50 - case.bare.get(&1)?.p50)
    });
    let what = if shape == Shape::Row {
        "a single row"
    } else {
        "a list of 20"
    };
    at_most(
        &format!("function and pooler over bare SQL at the median, {what} (worst: {name})"),
        found,
        limit,
        "ms",
    )
}

fn processor(report: &Report) -> Must {
    let cases = report.cases.iter().filter(|case| case.shape == Shape::List);
    let (name, found) = worst_of(cases, |case| Some(case.cost.function));
    at_most(
        &format!("processor time of the function for a list of 20 (worst: {name})"),
        found,
        0.25,
        "ms",
    )
}

/// A tenth of the service level at four clients, without the gateway, which is no part of the portal.
fn level(report: &Report, class: Class) -> Must {
    let cases = report.cases.iter().filter(|case| case.class == class);
    let (name, found) = worst_of(cases, |case| Some(case.function.get(&4)?.p95));
    let demand = format!("{}: 95th percentile of 4 clients (worst: {name})", class.text());
    at_most(&demand, found, class.level() / 10.0, "ms")
}

/// SQL against SQL, on the same server.
fn faster(report: &Report, (what, case, script, limit): &(&str, &str, &str, f64)) -> Option<Must> {
    let case = report.case(case)?;
    let factor = case.design_median(script, 4)? / case.bare.get(&4)?.p50.max(f64::MIN_POSITIVE);
    Some(Must {
        demand: format!("{what}: at least {limit:.0} times faster than the source design's SQL"),
        found: format!("{factor:.0}"),
        met: factor >= *limit,
    })
}

fn processes(report: &Report) -> Vec<Must> {
    let worst = |measure: fn(&ProcessReport) -> f64| {
        let found = report
            .processes
            .iter()
            .map(|process| (process.function.as_str(), measure(process)));
        found
            .max_by(|one, other| one.1.total_cmp(&other.1))
            .unwrap_or(("none", 0.0))
    };
    let must = |demand: &str, (function, found): (&str, f64), limit, unit| {
        at_most(&format!("{demand} (worst: {function})"), found, limit, unit)
    };
    vec![
        must(
            "from exec to the first poll, median",
            worst(|process| process.first_poll.p50),
            6.0,
            "ms",
        ),
        must(
            "from exec to the first answer with the database, median",
            worst(|process| process.first_answer.p50),
            35.0,
            "ms",
        ),
        must("memory of a process", worst(|process| process.peak), 25.0, "MB"),
        must(
            "memory added by the second half of its requests",
            worst(|process| growth(&process.memory)),
            0.5,
            "MB",
        ),
    ]
}

/// None where no package was built.
fn package(report: &Report) -> Option<Must> {
    let share = |package: &Package| package.megabytes / package.limit();
    let largest = report
        .packages
        .iter()
        .max_by(|one, other| share(one).total_cmp(&share(other)))?;
    let demand = format!("a function's zip (worst: {})", largest.function);
    Some(at_most(&demand, largest.megabytes, largest.limit(), "MB"))
}

/// From half of the requests to all of them.
fn growth(memory: &BTreeMap<u64, f64>) -> f64 {
    let half = memory
        .values()
        .nth(memory.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or_default();
    let last = memory.values().next_back().copied().unwrap_or_default();
    last - half
}

fn many(report: &Report) -> Vec<Must> {
    let mut musts = Vec::new();
    if let Some(rate) = &report.throughput {
        let demand = format!(
            "{} reads and {} writes a second for {:.0} s",
            rate.reads_per_second, rate.writes_per_second, rate.seconds
        );
        let failed = rate.reads.failed() + rate.writes.failed();
        let wanted = f64::from(rate.reads_per_second) * 0.99;
        let found = format!(
            "reads {:.1} ms, writes {:.1} ms at the 95th percentile; {failed} failed; {:.0} reads a second",
            rate.reads.p95, rate.writes.p95, rate.reads.per_second
        );
        musts.push(Must {
            demand: format!("{demand}: within 50 ms and 200 ms, no failure"),
            found,
            met: failed == 0
                && rate.reads.p95 < 50.0
                && rate.writes.p95 < 200.0
                && rate.reads.per_second >= wanted,
        });
    }
    if let Some(crowd) = &report.crowd {
        let failed = crowd.requests.failed();
        musts.push(Must {
            demand: format!(
                "{} people with a second of thought for {:.0} s: no failure, at most 40 connections",
                crowd.people, crowd.seconds
            ),
            found: format!("{failed} failed, {} connections", crowd.connections),
            met: failed == 0 && crowd.connections <= 40,
        });
    }
    musts
}

#[cfg(test)]
mod tests {
    use super::super::samples_for_tests::report;
    use super::*;

    #[test]
    fn demands_are_met_or_not_by_what_was_found() {
        let mut report = report();
        let find = |report: &Report, words: &str| {
            let must = all(report, None)
                .into_iter()
                .find(|must| must.demand.contains(words));
            must.map(|must| (must.found, must.met)).unwrap()
        };
        assert_eq!(
            find(&report, "over bare SQL at the median, a single row"),
            ("0.80".to_owned(), true)
        );
        assert_eq!(find(&report, "radius search"), ("150".to_owned(), true));
        assert_eq!(find(&report, "memory added"), ("0.10".to_owned(), true));
        report.cases[0].function.get_mut(&1).unwrap().p50 = 9.0;
        assert!(!find(&report, "over bare SQL at the median, a single row").1);
        report
            .throughput
            .as_mut()
            .unwrap()
            .writes
            .failures
            .insert("503".to_owned(), 1);
        assert!(!find(&report, "writes a second").1);
    }

    #[test]
    fn growth_is_from_the_middle_to_the_end() {
        let memory = BTreeMap::from([(25, 10.0), (50, 14.0), (75, 14.1), (100, 14.2)]);
        assert!((growth(&memory) - 0.2).abs() < 1e-9);
        assert_eq!(growth(&BTreeMap::new()), 0.0);
    }
}
