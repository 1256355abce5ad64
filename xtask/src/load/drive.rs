//! Three kinds of load: clients that send as fast as they are answered, people who think in between, and so many requests a
//! second whatever is answered.

use super::request::Request;
use super::samples::{Outcome, Sample};
use super::{Client, Target};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// What to send: the request of this number.
pub(crate) type Source = Arc<dyn Fn(u64) -> Request + Send + Sync>;

/// Each of many requests in turn. Numbers are spread first, so that clients that begin together do not go through the list
/// side by side.
pub(crate) fn in_turn(requests: Vec<Request>) -> Source {
    Arc::new(move |number| {
        let count = u64::try_from(requests.len()).unwrap_or(u64::MAX).max(1);
        let place = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_right(17) % count;
        let chosen = usize::try_from(place).ok().and_then(|place| requests.get(place));
        chosen.cloned().unwrap_or_else(|| Request::get("/"))
    })
}

/// Clients who send a request as soon as the last is answered and they have thought for so long.
pub(crate) async fn closed(
    target: Target,
    clients: u64,
    during: Duration,
    think: Duration,
    source: Source,
) -> Vec<Sample> {
    let begun = Instant::now();
    let next = Arc::new(AtomicU64::new(0));
    let mut running = JoinSet::new();
    for number in 0..clients {
        let (mut client, source, next) = (target.client(), source.clone(), next.clone());
        // People do not begin all at once.
        let delay = think.mul_f64(as_fraction(number, clients));
        running.spawn(async move {
            tokio::time::sleep(delay).await;
            let mut samples = Vec::new();
            while begun.elapsed() < during {
                let request = source(next.fetch_add(1, Ordering::Relaxed));
                samples.push(timed(&mut client, &request, begun, Instant::now()).await);
                if !think.is_zero() {
                    tokio::time::sleep(think).await;
                }
            }
            samples
        });
    }
    running.join_all().await.concat()
}

/// So many requests a second, each at its time. Who waits for a free client has waited for the answer: times count from when a
/// request was due.
pub(crate) async fn open(
    target: Target,
    per_second: u32,
    clients: u64,
    during: Duration,
    source: Source,
) -> Vec<Sample> {
    let begun = Instant::now();
    let next = Arc::new(AtomicU64::new(0));
    let mut running = JoinSet::new();
    for _ in 0..clients {
        let (mut client, source, next) = (target.client(), source.clone(), next.clone());
        running.spawn(async move {
            let mut samples = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let due = due(number, per_second);
                if due >= during {
                    return samples;
                }
                let request = source(number);
                tokio::time::sleep_until((begun + due).into()).await;
                samples.push(timed(&mut client, &request, begun, begun + due).await);
            }
        });
    }
    running.join_all().await.concat()
}

async fn timed(client: &mut Client, request: &Request, begun: Instant, due: Instant) -> Sample {
    let outcome: Outcome = client.outcome(request).await;
    let ended = Instant::now();
    Sample {
        ended: ended.duration_since(begun),
        took: ended.duration_since(due),
        outcome,
    }
}

/// When the request of this number is due, at so many a second.
fn due(number: u64, per_second: u32) -> Duration {
    let nanoseconds = u128::from(number) * 1_000_000_000 / u128::from(per_second.max(1));
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

/// Clients are few: nothing is lost.
fn as_fraction(number: u64, of: u64) -> f64 {
    let narrow = |value: u64| f64::from(u32::try_from(value).unwrap_or(u32::MAX));
    narrow(number) / narrow(of.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::http::StatusCode;
    use axum::routing::get;
    use std::collections::BTreeSet;

    async fn server() -> Target {
        let routes = Router::new().route("/good", get(|| async { "fine" })).route(
            "/away",
            get(|| async { (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "1")]) }),
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Target::Gateway(address)
    }

    #[test]
    fn requests_are_due_at_even_distances() {
        assert_eq!(due(0, 200), Duration::ZERO);
        assert_eq!(due(1, 200), Duration::from_millis(5));
        assert_eq!(due(12_000, 200), Duration::from_secs(60));
    }

    #[test]
    fn in_turn_comes_by_every_request() {
        let source = in_turn((0..7).map(|number| Request::get(format!("/{number}"))).collect());
        let seen: BTreeSet<String> = (0..200).map(|number| source(number).path().to_owned()).collect();
        assert_eq!(seen.len(), 7);
    }

    #[tokio::test]
    async fn a_rate_sends_as_many_as_it_says_and_notes_each_outcome() {
        let source = in_turn(vec![Request::get("/good"), Request::get("/away")]);
        let samples = open(server().await, 200, 4, Duration::from_millis(500), source).await;
        assert_eq!(samples.len(), 100);
        let refused = samples
            .iter()
            .filter(|sample| sample.outcome.is_honest_refusal())
            .count();
        let done = samples
            .iter()
            .filter(|sample| sample.outcome == Outcome::Good)
            .count();
        assert!(refused > 0 && done > 0);
        assert_eq!(refused + done, 100);
    }

    #[tokio::test]
    async fn who_thinks_sends_less() {
        let source = in_turn(vec![Request::get("/good")]);
        let during = Duration::from_millis(300);
        let busy = closed(server().await, 2, during, Duration::ZERO, source.clone()).await;
        let calm = closed(server().await, 2, during, Duration::from_millis(100), source).await;
        assert!((2..=6).contains(&calm.len()), "{}", calm.len());
        assert!(busy.len() > calm.len());
    }

    #[tokio::test]
    async fn nobody_there_is_a_broken_connection() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let target = Target::Gateway(listener.local_addr().unwrap());
        drop(listener);
        let samples = open(
            target,
            10,
            1,
            Duration::from_millis(100),
            in_turn(vec![Request::get("/")]),
        )
        .await;
        assert_eq!(
            samples.first().map(|sample| sample.outcome),
            Some(Outcome::Broken)
        );
    }
}
