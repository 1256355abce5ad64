//! What more load takes and costs in AWS, from the measured cost of a request.
//!
//! Prices are AWS's list prices for us-west-2 in US dollars, without free tiers and commitments; look them up before spending by them.

use super::report::Report;
use std::fmt::Write;

/// Requests a second at the busiest, of the service levels: 1,000 reads and 200 writes.
const PEAK: f64 = 1200.0;
/// A month has as many requests as if it were at a tenth of its peak all the time.
const MEAN_OF_PEAK: f64 = 0.1;
/// A server is full at this share of its processors.
const FULL: f64 = 0.6;
/// Aurora capacity units that have the processor time of one virtual CPU: a unit is 2 GiB, a CPU of the memory-optimised classes has 8.
const UNITS_PER_CPU: f64 = 4.0;
/// The largest Serverless v2 instance, in units.
const LARGEST: f64 = 256.0;
/// Below that an instance is not scaled, so that the hot rows stay in memory.
const SMALLEST: f64 = 2.0;
/// Readers of a cluster.
const READERS: f64 = 15.0;
/// The memory of a function, in GB: its share of a processor comes with it.
const FUNCTION_MEMORY: f64 = 0.5;
/// How many executions of all functions an account may have at once, until more is asked for.
const CONCURRENCY: f64 = 1000.0;
/// Hours and seconds of a month.
const HOURS: f64 = 730.0;
const SECONDS: f64 = HOURS * 3600.0;

/// Lambda, Arm: a GB for a second, and a million requests.
const GB_SECOND: f64 = 0.000_013_333_4;
const MILLION_INVOCATIONS: f64 = 0.20;
/// HTTP API: a million requests, the first 300 million and the others.
const MILLION_REQUESTS: f64 = 1.0;
const MILLION_MORE: f64 = 0.9;
/// Aurora Serverless v2, standard: a unit for an hour. The proxy: the same, eight units at least.
const UNIT_HOUR: f64 = 0.12;
const PROXY_HOUR: f64 = 0.015;
const PROXY_LEAST: f64 = 8.0;

/// What one factor of the load takes.
struct Step {
    factor: f64,
    /// Units of the writer and of all readers at the peak.
    writer: f64,
    readers: f64,
    /// Executions of functions at once, and server connections in use.
    concurrency: f64,
    connections: f64,
    /// US dollars a month.
    cost: f64,
}

/// What the mix of the service levels needs for one request, in milliseconds.
struct Request {
    /// From the event to the answer.
    duration: f64,
    /// Processor time of the database.
    database: f64,
    /// Of all requests, those that the writer takes.
    writes: f64,
}

impl Request {
    fn of(report: &Report) -> Option<Self> {
        let rate = report.throughput.as_ref()?;
        let all = f64::from(rate.reads_per_second + rate.writes_per_second).max(1.0);
        let writes = f64::from(rate.writes_per_second) / all;
        Some(Self {
            duration: rate.reads.p50 * (1.0 - writes) + rate.writes.p50 * writes,
            database: rate.cost.database,
            writes,
        })
    }

    /// Requests a second that the largest writer takes.
    fn limit_of_writer(&self) -> f64 {
        let processors = LARGEST / UNITS_PER_CPU * FULL;
        processors * 1000.0 / self.database.max(f64::MIN_POSITIVE) / self.writes.max(f64::MIN_POSITIVE)
    }

    fn step(&self, factor: f64) -> Step {
        let peak = PEAK * factor;
        let processors = peak * self.database / 1000.0 / FULL;
        let units = processors * UNITS_PER_CPU;
        let writer = (units * self.writes).max(SMALLEST);
        let readers = (units * (1.0 - self.writes)).max(SMALLEST);
        let mean = peak * MEAN_OF_PEAK;
        let millions = mean * SECONDS / 1e6;
        let lambda = mean * SECONDS * self.duration / 1000.0 * FUNCTION_MEMORY * GB_SECOND
            + millions * MILLION_INVOCATIONS;
        let gateway = millions.min(300.0) * MILLION_REQUESTS + (millions - 300.0).max(0.0) * MILLION_MORE;
        // Capacity follows the load, down to the smallest.
        let mean_units = (writer * MEAN_OF_PEAK).max(SMALLEST) + (readers * MEAN_OF_PEAK).max(SMALLEST);
        let database = mean_units * HOURS * UNIT_HOUR + mean_units.max(PROXY_LEAST) * HOURS * PROXY_HOUR;
        Step {
            factor,
            writer,
            readers,
            concurrency: peak * self.duration / 1000.0,
            // A server's connection is held for less than the request lasts.
            connections: peak * self.duration / 1000.0,
            cost: lambda + gateway + database,
        }
    }
}

/// The table of `docs/scale.md`; none without the rates that it is made from.
pub(super) fn table(report: &Report) -> Option<String> {
    let request = Request::of(report)?;
    let mut text = format!(
        "From {} at commit {} ({}): a request of the mix takes {:.1} ms from event to answer and {:.2} ms of the database's processors.\n\n",
        report.date, report.commit, report.machine, request.duration, request.database
    );
    text.push_str("| load | requests/s at the peak | writer, ACU | readers, ACU in all | functions at once | connections in use | US$ a month |\n|---|---|---|---|---|---|---|\n");
    for factor in [1.0, 10.0, 100.0, 1000.0] {
        let step = request.step(factor);
        // Writing into a string does not fail.
        writeln!(
            text,
            "| {}x | {:.0} | {} | {} | {} | {:.0} | {:.0} |",
            step.factor,
            PEAK * step.factor,
            over(step.writer, LARGEST),
            over(step.readers, LARGEST * READERS),
            over(step.concurrency, CONCURRENCY),
            step.connections,
            step.cost,
        )
        .ok();
    }
    let limit = request.limit_of_writer();
    writeln!(
        text,
        "\nBold is past a limit. The largest writer ({LARGEST:.0} ACU, {:.0} % busy) is full at {limit:.0} requests a second, {:.0} times the load.",
        FULL * 100.0,
        limit / PEAK
    )
    .ok();
    Some(text)
}

/// A figure, in bold when it is past its limit.
fn over(value: f64, limit: f64) -> String {
    if value > limit {
        format!("**{value:.0}**")
    } else {
        format!("{value:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples_for_tests::report;
    use super::*;

    const REQUEST: Request = Request {
        duration: 6.0,
        database: 0.5,
        writes: 0.2,
    };

    #[test]
    fn capacity_follows_the_load_and_cost_grows_no_faster_than_it() {
        let [one, ten] = [1.0, 10.0].map(|factor| REQUEST.step(factor));
        // 1,200 a second at half a millisecond is 0.6 of a processor: one at 60 %, four units, a fifth of them writing.
        assert!((one.readers - 3.2).abs() < 1e-9);
        assert!((one.writer - SMALLEST).abs() < 1e-9);
        assert!((one.concurrency - 7.2).abs() < 1e-9);
        assert!((ten.concurrency - 72.0).abs() < 1e-9);
        assert!(ten.cost > one.cost && ten.cost < 10.0 * one.cost);
    }

    #[test]
    fn the_writer_is_full_where_its_processors_are() {
        // 64 processors at 60 %, half a millisecond each, a fifth of all.
        assert!((REQUEST.limit_of_writer() - 384_000.0).abs() < 1e-6);
        assert_eq!(over(300.0, LARGEST), "**300**");
        assert_eq!(over(3.0, LARGEST), "3");
    }

    #[test]
    fn there_is_no_table_without_rates() {
        let mut run = report();
        assert!(table(&run).unwrap().contains("| 1000x | 1200000 |"));
        run.throughput = None;
        assert!(table(&run).is_none());
    }
}
