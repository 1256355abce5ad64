//! A run as tables, in Markdown.

use super::must::Must;
use super::report::{ByClients, Report};
use std::fmt::Write;

/// Everything that a run has found.
pub(super) fn report(report: &Report, musts: &[Must]) -> String {
    let mut text = format!(
        "Measured on {} at commit {}, {} data set: {}.\n",
        report.date, report.commit, report.scale, report.machine
    );
    for part in [
        demands(musts),
        cases(report),
        clients(report),
        design(report),
        processes(report),
        packages(report),
        many(report),
    ] {
        text.push('\n');
        text.push_str(&part);
    }
    text
}

/// A table with these columns.
pub(super) fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
    for row in rows {
        // Writing into a string does not fail.
        writeln!(text, "| {} |", row.join(" | ")).ok();
    }
    text
}

fn demands(musts: &[Must]) -> String {
    let rows = musts.iter().map(|must| {
        let met = if must.met { "yes" } else { "**no**" };
        vec![must.demand.clone(), must.found.clone(), met.to_owned()]
    });
    table(&["demand", "found", "met"], rows)
}

fn figure(figures: &ByClients, clients: u64, measure: fn(&crate::load::samples::Figures) -> f64) -> String {
    figures
        .get(&clients)
        .map(|found| format!("{:.1}", measure(found)))
        .unwrap_or_default()
}

fn cases(report: &Report) -> String {
    let rows = report.cases.iter().map(|case| {
        let mut row = vec![case.name.clone(), case.class.text().to_owned()];
        for figures in [&case.gateway, &case.function] {
            row.push(figure(figures, 4, |found| found.p50));
            row.push(figure(figures, 4, |found| found.p95));
        }
        row.push(figure(&case.bare, 4, |found| found.p50));
        let costs = [case.cost.function, case.cost.pooler, case.cost.database];
        row.extend(costs.map(|cost| format!("{cost:.2}")));
        row
    });
    let heads = [
        "case",
        "class",
        "gateway p50",
        "p95",
        "function p50",
        "p95",
        "SQL p50",
        "CPU function",
        "CPU pooler",
        "CPU database",
    ];
    format!(
        "Four clients, in milliseconds; processor time of one request past the gateway.\n\n{}",
        table(&heads, rows)
    )
}

fn clients(report: &Report) -> String {
    let rows = report.cases.iter().map(|case| {
        let mut row = vec![case.name.clone()];
        for clients in [1, 4, 16] {
            row.push(figure(&case.function, clients, |found| found.p50));
            row.push(figure(&case.function, clients, |found| found.p95));
            row.push(figure(&case.bare, clients, |found| found.p50));
        }
        row
    });
    let heads = [
        "case", "1: p50", "p95", "SQL", "4: p50", "p95", "SQL", "16: p50", "p95", "SQL",
    ];
    format!(
        "Past the gateway beside its SQL, by clients.\n\n{}",
        table(&heads, rows)
    )
}

fn design(report: &Report) -> String {
    let rows = report.cases.iter().flat_map(|case| {
        case.design.keys().map(|script| {
            let mut row = vec![case.name.clone(), script.clone()];
            for clients in [1, 4, 16] {
                let ours = case.bare.get(&clients).map(|found| found.p50);
                let theirs = case.design_median(script, clients);
                row.push(ours.zip(theirs).map_or_else(String::new, |(ours, theirs)| {
                    format!(
                        "{ours:.2} / {theirs:.1} ({:.0}x)",
                        theirs / ours.max(f64::MIN_POSITIVE)
                    )
                }));
            }
            row
        })
    });
    let heads = [
        "case",
        "script of the design",
        "1 client",
        "4 clients",
        "16 clients",
    ];
    format!(
        "SQL of the portal and of the source design, medians in milliseconds.\n\n{}",
        table(&heads, rows)
    )
}

fn processes(report: &Report) -> String {
    let rows = report.processes.iter().map(|process| {
        let held = process
            .memory
            .iter()
            .map(|(requests, megabytes)| format!("{megabytes:.1} after {requests}"));
        let held: Vec<String> = held.collect();
        vec![
            process.function.clone(),
            format!("{:.1} ({:.1})", process.first_poll.p50, process.first_poll.p95),
            format!(
                "{:.1} ({:.1})",
                process.first_answer.p50, process.first_answer.p95
            ),
            held.join(", "),
            format!("{:.1}", process.peak),
        ]
    });
    let heads = [
        "function",
        "first poll, ms",
        "first answer, ms",
        "memory, MB",
        "at most",
    ];
    format!(
        "Starts, median (95th percentile) from exec; memory of one process.\n\n{}",
        table(&heads, rows)
    )
}

fn packages(report: &Report) -> String {
    if report.packages.is_empty() {
        return "Packages were not built.\n".to_owned();
    }
    let rows = report.packages.iter().map(|package| {
        vec![
            package.function.clone(),
            format!("{:.2}", package.megabytes),
            format!("{:.0}", package.limit()),
        ]
    });
    table(&["package", "zip, MB", "at most"], rows)
}

fn many(report: &Report) -> String {
    let mut rows = Vec::new();
    let mut row = |what: String, figures: &crate::load::samples::Figures| {
        let numbers = [
            figures.per_second,
            figures.p50,
            figures.p95,
            figures.p99,
            figures.longest,
        ];
        let mut cells = vec![what];
        cells.extend(numbers.map(|number| format!("{number:.1}")));
        cells.push(figures.failed().to_string());
        rows.push(cells);
    };
    for (clients, figures) in &report.acquisition.opened {
        row(
            format!("connection opened through the pooler, {clients} clients"),
            figures,
        );
    }
    for (clients, figures) in &report.acquisition.borrowed {
        row(format!("BEGIN on an open one, {clients} clients"), figures);
    }
    if let Some(rate) = &report.throughput {
        row(
            format!("reads at {} a second, past the gateway", rate.reads_per_second),
            &rate.reads,
        );
        row(
            format!("writes at {} a second beside them", rate.writes_per_second),
            &rate.writes,
        );
    }
    if let Some(crowd) = &report.crowd {
        row(
            format!(
                "{} people through the gateway, {} connections",
                crowd.people, crowd.connections
            ),
            &crowd.requests,
        );
    }
    table(
        &["load", "per second", "p50", "p95", "p99", "longest", "failed"],
        rows,
    )
}

#[cfg(test)]
mod tests {
    use super::super::must;
    use super::super::samples_for_tests::report as sample;
    use super::*;

    #[test]
    fn a_run_is_told_with_its_machine_and_every_row_fits_its_table() {
        let run = sample();
        let text = report(&run, &must::all(&run, None));
        assert!(text.contains("a machine of two cores") && text.contains("2026-09-01"));
        assert!(text.contains("| contractors_near_100 | radius_contractors | 0.50 / 75.0 (150x) |"));
        let mut columns = 0;
        for line in text.lines() {
            let bars = line.matches('|').count();
            if line.starts_with("|---") || (bars > 0 && columns > 0) {
                assert_eq!(bars, columns, "{line}");
            }
            columns = bars;
        }
    }
}
