//! What the modules of the operations page work out, without the page around them.

use serde_json::{Value, json};

use crate::support::Page;

async fn told(script: &str) -> Value {
    let page = Page::open("/v1/admin/").await;
    page.appears("input[name=email]").await;
    let value = page.eval(script).await;
    page.close().await;
    value
}

#[tokio::test]
async fn figures_are_written_as_people_read_them() {
    let value = told(
        "const f = await part('format.js');
        return [[0, 1234567, 0.1234, null].map(f.number), [99.999, 12.345, 100, null].map(f.percent),
          [999, 1000, 81234567, 1.83e9].map(f.bytes), [0, 0.08, 59.6, 3600, 108000, null].map(f.duration),
          [1.9, 3458628].map(f.milliseconds), [f.ago('2026-01-01T00:00:00Z', Date.parse('2026-01-03T01:00:00Z')), f.ago('2026-01-01T00:00:00Z', Date.parse('2025-12-31T23:00:00Z'))],
          f.title('pool-use'), f.marks(0, 20), f.marks(0, 0), f.marks(99.2, 99.8)]",
    )
    .await;
    let expected = json!([
        ["0", "1,234,567", "0.123", "–"],
        ["99.99 %", "12.3 %", "100 %", "–"],
        ["999 bytes", "1 kB", "81.2 MB", "1.83 GB"],
        ["0 s", "80 ms", "1 min", "1 h", "1 d 6 h", "–"],
        ["1.9 ms", "57 min 39 s"],
        ["2 days ago", "in 1 hour"],
        "Pool use",
        [0, 5, 10, 15, 20],
        [0, 0.25],
        [99.2, 99.4, 99.6, 99.8]
    ]);
    assert_eq!(value, expected);
}

#[tokio::test]
async fn plots_leave_gaps_where_nothing_was_measured_and_show_limits_that_are_near() {
    let value = told(
        "const { plan, runs } = await part('chart.js');
        const point = (minute, value) => ({ at: new Date(minute * 60000).toISOString(), min: value, avg: value, max: value });
        const points = [point(0, 1), point(5, 2), point(30, 3)];
        const data = { from: point(0, 0).at, to: point(60, 0).at };
        const many = Array.from({ length: 7 }, (_, index) => ({ subject: `s${index}`, points: [point(0, index)] }));
        const near = plan({ ...data, series: [{ subject: '', points }], threshold: 5 });
        return [runs(points, 300).map((run) => run.length), near.threshold, near.ticks,
          plan({ ...data, series: [{ subject: '', points }], threshold: 500 }).threshold,
          plan({ ...data, series: many }).shown.map((each) => each.subject), plan({ ...data, series: many }).hidden,
          plan({ ...data, series: [] }).ticks]",
    )
    .await;
    let expected = json!([
        [2, 1],
        5,
        [0, 2, 4, 6],
        null,
        ["s6", "s5", "s4", "s3", "s2"],
        2,
        [0, 1]
    ]);
    assert_eq!(value, expected);
}

#[tokio::test]
async fn counties_are_coloured_by_fifths_and_audits_compared_by_column() {
    let value = told(
        "const { level, plain, steps } = await part('county-map.js');
        const { difference } = await part('audit.js');
        const breaks = steps([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        return [breaks, [0, 1, 4, 10].map((value) => level(value, breaks)), steps([0, 0]), level(7, steps([7, 7])),
          plain('ALAMEDA County'), difference({ a: 1, b: 'x' }, { b: 'y', c: null }), difference(null, { a: true })]",
    )
    .await;
    let expected = json!([
        [3, 5, 7, 9],
        [0, 1, 2, 5],
        [],
        3,
        "alameda",
        [{"name": "a", "was": "1", "is": ""}, {"name": "b", "was": "x", "is": "y"}, {"name": "c", "was": "", "is": "null"}],
        [{"name": "a", "was": "", "is": "true"}]
    ]);
    assert_eq!(value, expected);
}
