//! The plots of a run.

use super::plot::Plot;
use super::report::{ByClients, Report};

/// Each by the name of its file.
pub(super) fn all(report: &Report) -> Vec<(&'static str, String)> {
    vec![
        ("latency.svg", latency(report)),
        ("design.svg", design(report)),
        ("clients.svg", clients(report)),
    ]
}

fn median(figures: &ByClients, clients: u64) -> Option<f64> {
    figures.get(&clients).map(|found| found.p50)
}

fn latency(report: &Report) -> String {
    let rows = report.cases.iter().map(|case| {
        let values = [&case.bare, &case.function, &case.gateway].map(|figures| median(figures, 4));
        (case.name.clone(), values.into())
    });
    let plot = Plot {
        title: "Medians of 4 clients",
        unit: "ms",
        series: &["SQL alone", "function and pooler", "with the gateway"],
        rows: rows.collect(),
    };
    plot.svg()
}

fn design(report: &Report) -> String {
    let rows = report.cases.iter().flat_map(|case| {
        case.design.iter().map(|(script, figures)| {
            let values = vec![median(&case.bare, 4), median(figures, 4)];
            (format!("{} / {script}", case.name), values)
        })
    });
    let plot = Plot {
        title: "SQL of the portal and of the source design, medians of 4 clients",
        unit: "ms",
        series: &["portal", "design"],
        rows: rows.collect(),
    };
    plot.svg()
}

fn clients(report: &Report) -> String {
    let rows = report.cases.iter().map(|case| {
        let values = [1, 4, 16].map(|clients| case.function.get(&clients).map(|found| found.p95));
        (case.name.clone(), values.into())
    });
    let plot = Plot {
        title: "95th percentile past the gateway, by clients on two cores",
        unit: "ms",
        series: &["1 client", "4 clients", "16 clients"],
        rows: rows.collect(),
    };
    plot.svg()
}
