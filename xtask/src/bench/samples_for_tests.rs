//! A small report.

use super::report::*;
use crate::load::samples::Figures;
use std::collections::BTreeMap;

fn figures(p50: f64) -> Figures {
    Figures {
        requests: 1000,
        per_second: 1000.0,
        p50,
        p95: p50 * 1.5,
        p99: p50 * 2.0,
        longest: p50 * 3.0,
        failures: BTreeMap::new(),
    }
}

fn by_clients(p50: f64) -> ByClients {
    BTreeMap::from([(1, figures(p50)), (4, figures(p50 * 2.0))])
}

fn case(name: &str, shape: Shape, design: BTreeMap<String, ByClients>) -> CaseReport {
    CaseReport {
        name: name.to_owned(),
        class: Class::Single,
        shape,
        gateway: by_clients(2.4),
        function: by_clients(1.3),
        bare: by_clients(0.5),
        design,
        cost: Cost {
            function: 0.2,
            pooler: 0.1,
            database: 0.4,
        },
    }
}

pub(super) fn report() -> Report {
    let radius = BTreeMap::from([("radius_contractors".to_owned(), by_clients(75.0))]);
    Report {
        date: "2026-09-01".to_owned(),
        commit: "abc1234".to_owned(),
        machine: "a machine of two cores".to_owned(),
        scale: "full".to_owned(),
        cases: vec![
            case("contractor", Shape::Row, BTreeMap::new()),
            case("contractors_near_100", Shape::Other, radius),
        ],
        processes: vec![ProcessReport {
            function: "directory".to_owned(),
            first_poll: figures(3.0),
            first_answer: figures(25.0),
            memory: BTreeMap::from([(2500, 13.0), (5000, 14.0), (7500, 14.1), (10_000, 14.1)]),
            peak: 15.0,
        }],
        packages: vec![Package {
            function: "directory".to_owned(),
            megabytes: 4.0,
            with_s3: false,
        }],
        acquisition: Acquisition {
            opened: by_clients(4.0),
            borrowed: by_clients(0.2),
        },
        throughput: Some(Throughput {
            reads_per_second: 1000,
            writes_per_second: 200,
            seconds: 60.0,
            reads: figures(5.0),
            writes: figures(8.0),
            cost: Cost {
                function: 0.3,
                pooler: 0.1,
                database: 0.6,
            },
        }),
        crowd: Some(Crowd {
            people: 500,
            seconds: 60.0,
            requests: figures(9.0),
            connections: 21,
        }),
    }
}
