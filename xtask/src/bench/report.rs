//! What a run of the bench has found, as `report.json` keeps it.

use crate::load::samples::Figures;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A class of requests with a service level of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Class {
    /// One table.
    Single,
    /// Several tables.
    Join,
    Search,
    Report,
}

impl Class {
    /// The 95th percentile that is promised, in milliseconds.
    pub(super) fn level(self) -> f64 {
        match self {
            Self::Single => 50.0,
            Self::Join => 200.0,
            Self::Search => 500.0,
            Self::Report => 2000.0,
        }
    }

    /// In tables.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Single => "single table",
            Self::Join => "join",
            Self::Search => "search",
            Self::Report => "report",
        }
    }
}

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Shape {
    /// A single row.
    Row,
    /// Twenty of them.
    List,
    /// Something else.
    Other,
}

/// Figures by the number of clients.
pub(super) type ByClients = BTreeMap<u64, Figures>;

/// One kind of request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CaseReport {
    pub(super) name: String,
    pub(super) class: Class,
    pub(super) shape: Shape,
    /// Through gateway, function and pooler.
    pub(super) gateway: ByClients,
    /// Through function and pooler.
    pub(super) function: ByClients,
    /// The same SQL by pgbench, on the same server.
    pub(super) bare: ByClients,
    /// The source design's SQL by pgbench, on the same server, by the name of its script.
    pub(super) design: BTreeMap<String, ByClients>,
    /// Processor time of one request past the gateway.
    pub(super) cost: Cost,
}

/// Milliseconds of processor time for one request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cost {
    pub(super) function: f64,
    pub(super) pooler: f64,
    pub(super) database: f64,
}

/// One function's process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProcessReport {
    pub(super) function: String,
    /// From exec to the first poll, in milliseconds.
    pub(super) first_poll: Figures,
    /// From exec to the answer of a request that reads the database.
    pub(super) first_answer: Figures,
    /// Megabytes in memory after so many requests.
    pub(super) memory: BTreeMap<u64, f64>,
    /// The most that it ever had, in megabytes.
    pub(super) peak: f64,
}

/// The zip of a function that is deployed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Package {
    pub(super) function: String,
    pub(super) megabytes: f64,
    /// Whether the function is linked with the SDK of S3.
    pub(super) with_s3: bool,
}

impl Package {
    /// How large it may be.
    pub(super) fn limit(&self) -> f64 {
        if self.with_s3 { 7.0 } else { 5.0 }
    }
}

/// Reads and writes at a fixed rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Throughput {
    pub(super) reads_per_second: u32,
    pub(super) writes_per_second: u32,
    pub(super) seconds: f64,
    pub(super) reads: Figures,
    pub(super) writes: Figures,
    /// Processor time of one request of this mix.
    pub(super) cost: Cost,
}

/// People who think between their requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Crowd {
    pub(super) people: u64,
    pub(super) seconds: f64,
    pub(super) requests: Figures,
    /// The most connections of the portal's roles that both servers had at once.
    pub(super) connections: i64,
}

/// Getting a connection, through the pooler.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Acquisition {
    /// A new one: TLS and SCRAM.
    pub(super) opened: ByClients,
    /// A server's, by BEGIN on one that is open.
    pub(super) borrowed: ByClients,
}

/// A whole run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    pub(super) date: String,
    pub(super) commit: String,
    pub(super) machine: String,
    pub(super) scale: String,
    pub(super) cases: Vec<CaseReport>,
    pub(super) processes: Vec<ProcessReport>,
    /// Those that were built when the bench ran.
    pub(super) packages: Vec<Package>,
    pub(super) acquisition: Acquisition,
    pub(super) throughput: Option<Throughput>,
    pub(super) crowd: Option<Crowd>,
}

impl Report {
    /// One of its cases.
    pub(super) fn case(&self, name: &str) -> Option<&CaseReport> {
        self.cases.iter().find(|case| case.name == name)
    }

    /// How many requests failed in the whole run.
    pub(super) fn failed(&self) -> u64 {
        let cases = self
            .cases
            .iter()
            .flat_map(|case| case.gateway.values().chain(case.function.values()));
        let rates = self
            .throughput
            .iter()
            .flat_map(|rate| [&rate.reads, &rate.writes]);
        let crowd = self.crowd.iter().map(|crowd| &crowd.requests);
        cases.chain(rates).chain(crowd).map(Figures::failed).sum()
    }
}

impl CaseReport {
    /// The median of a script of the design at so many clients.
    pub(super) fn design_median(&self, script: &str, clients: u64) -> Option<f64> {
        Some(self.design.get(script)?.get(&clients)?.p50)
    }
}
