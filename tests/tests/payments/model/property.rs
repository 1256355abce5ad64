//! The property.

use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRunner};

use super::ground::Ground;
use super::plan::{Step, steps};
use super::truth;

/// How many schedules are tried; each has a database of its own. `PORTAL_MODEL_CASES` asks for more, and for others.
const CASES: u32 = 16;

fn wanted() -> (u32, RngSeed) {
    let more = std::env::var("PORTAL_MODEL_CASES").map(|cases| cases.parse().expect("a number of schedules"));
    more.map_or((CASES, RngSeed::Fixed(7)), |cases| (cases, RngSeed::Random))
}

#[test]
fn money_taken_is_money_recorded_is_what_was_given() {
    let (cases, rng_seed) = wanted();
    let config = Config {
        cases,
        max_shrink_iters: 30,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&steps(), |steps| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(play(&steps));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

async fn play(steps: &[Step]) {
    let mut ground = Ground::new().await;
    for step in steps {
        happen(&mut ground, step).await;
    }
    ground.fake.faults([]);
    // Once with the money that is on its way, once without, and once more for nothing.
    ground.night(false, None).await;
    ground.night(true, None).await;
    ground.night(true, None).await;
    truth::check(&mut ground).await;
}

async fn happen(ground: &mut Ground, step: &Step) {
    let payment = |index: &Index| {
        let some = !ground.payments.is_empty();
        some.then(|| *index.get(&ground.payments))
    };
    match step {
        Step::Ask { member, thing, dies } => {
            let member = member.index(ground.members.len());
            ground.ask(member, *thing, *dies).await;
        }
        Step::AskAgain { payment: index, dies } => {
            if let Some(payment) = payment(index) {
                ground.arrange(payment, *dies).await;
            }
        }
        Step::Pay(index) | Step::Refuse(index) => {
            if let Some(payment) = payment(index)
                && let Some(intent) = ground.intent_of(payment).await
            {
                match step {
                    Step::Pay(_) => ground.fake.pay(&intent),
                    _ => ground.fake.decline(&intent),
                };
            }
        }
        Step::GiveBack(index) => {
            let member = index.index(ground.members.len());
            ground.give_back(member).await;
        }
        Step::RunOut(index) => {
            if let Some(payment) = payment(index) {
                ground.run_out(payment).await;
            }
        }
        Step::Cancel { payment: index, dies } => {
            if let Some(payment) = payment(index) {
                ground.cancel(payment, *dies).await;
            }
        }
        Step::Refund {
            payment: index,
            share,
            dies,
        } => {
            if let Some(payment) = payment(index) {
                ground.refund(payment, *share, *dies).await;
            }
        }
        Step::RefundThere {
            payment: index,
            share,
        } => {
            if let Some(payment) = payment(index) {
                ground.refund_there(payment, *share).await;
            }
        }
        Step::Deliver { event: index, dies } => {
            let events = ground.events();
            if !events.is_empty() {
                ground.take(index.get(&events), *dies).await;
            }
        }
        Step::DeliverAll => {
            let events = ground.events();
            let ground = &*ground;
            futures_util::future::join_all(events.iter().map(|event| ground.take(event, None))).await;
        }
        Step::Fault(faults) => ground.fake.faults(faults.iter().copied()),
        Step::Night { dies } => ground.night(false, *dies).await,
    }
}
