use super::*;

fn sample(ended: u64, outcome: Outcome) -> Sample {
    Sample {
        ended: Duration::from_millis(ended),
        took: Duration::from_millis(2),
        outcome,
    }
}

#[test]
fn percentiles_are_values_that_were_seen() {
    let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
    assert_eq!(percentile(&hundred, 50), 50.0);
    assert_eq!(percentile(&hundred, 95), 95.0);
    assert_eq!(percentile(&hundred, 100), 100.0);
    assert_eq!(percentile(&[7.0], 50), 7.0);
    assert_eq!(percentile(&[1.0, 2.0, 3.0], 50), 2.0);
    assert_eq!(percentile(&[], 95), 0.0);
}

#[test]
fn failures_are_counted_by_kind_and_left_out_of_the_times() {
    let away = Outcome::Status {
        code: 503,
        retry_after: true,
    };
    let samples = [
        sample(10, Outcome::Good),
        sample(20, away),
        sample(30, away),
        sample(40, Outcome::Timeout),
        sample(50, Outcome::Good),
    ];
    let figures = Figures::of(&samples, Duration::from_secs(2));
    assert_eq!((figures.requests, figures.failed()), (2, 3));
    assert_eq!((figures.per_second, figures.p50), (1.0, 2.0));
    assert_eq!(figures.failures["503 with Retry-After"], 2);
    assert_eq!(figures.failures["no answer in time"], 1);
}

#[test]
fn an_outage_is_the_longest_stretch_without_one_request_done() {
    let away = Outcome::Broken;
    let samples = [
        sample(100, Outcome::Good),
        sample(150, away),
        sample(900, away),
        sample(1100, Outcome::Good),
        sample(1200, Outcome::Good),
    ];
    assert_eq!(longest_outage(&samples), Duration::from_millis(1000));
    // One that lasts to the end counts as well.
    let samples = [sample(100, Outcome::Good), sample(3000, away)];
    assert_eq!(longest_outage(&samples), Duration::from_millis(2900));
    assert_eq!(longest_outage(&[]), Duration::ZERO);
}

#[test]
fn recovery_ends_with_the_last_failure() {
    let samples = [
        sample(100, Outcome::Broken),
        sample(700, Outcome::Broken),
        sample(800, Outcome::Good),
    ];
    assert_eq!(
        recovered_after(&samples, Duration::from_millis(500)),
        Duration::from_millis(200)
    );
    assert_eq!(
        recovered_after(&samples, Duration::from_millis(750)),
        Duration::ZERO
    );
}

#[test]
fn only_a_503_that_says_when_to_come_again_is_honest() {
    assert!(
        Outcome::Status {
            code: 503,
            retry_after: true
        }
        .is_honest_refusal()
    );
    assert!(
        !Outcome::Status {
            code: 503,
            retry_after: false
        }
        .is_honest_refusal()
    );
    assert!(
        !Outcome::Status {
            code: 500,
            retry_after: true
        }
        .is_honest_refusal()
    );
    assert!(!Outcome::Timeout.is_honest_refusal());
}
