//! What happens, drawn at random.

use portal_tests::fake_stripe::Fault;
use proptest::prelude::*;
use proptest::sample::Index;

/// What is bought.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Thing {
    Small,
    Large,
    Seat,
    Course,
    Gift(u16),
}

/// One thing that happens. Who and what it is about is an index into those that there are.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A member asks for a payment, which dies after so many polls, if at all; some retry.
    Ask {
        member: Index,
        thing: Thing,
        dies: Option<u8>,
    },
    /// A client sends an earlier request again.
    AskAgain { payment: Index, dies: Option<u8> },
    /// The bank takes the money.
    Pay(Index),
    /// The bank refuses.
    Refuse(Index),
    /// A member gives the seat back.
    GiveBack(Index),
    /// The hold of a seat runs out.
    RunOut(Index),
    /// A member calls a payment off.
    Cancel { payment: Index, dies: Option<u8> },
    /// Staff give a share of what was paid back.
    Refund {
        payment: Index,
        share: u8,
        dies: Option<u8>,
    },
    /// The same at Stripe.
    RefundThere { payment: Index, share: u8 },
    /// An event is delivered, perhaps once more.
    Deliver { event: Index, dies: Option<u8> },
    /// Several are, at once.
    DeliverAll,
    /// The next requests meet with faults.
    Fault(Vec<Option<Fault>>),
    /// The nightly billing runs, and dies.
    Night { dies: Option<u8> },
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 15..60)
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    let thing = prop_oneof![
        3 => Just(Thing::Small),
        2 => Just(Thing::Large),
        4 => Just(Thing::Seat),
        2 => Just(Thing::Course),
        1 => (100_u16..5_000).prop_map(Thing::Gift),
    ];
    prop_oneof![
        8 => (index(), thing, dies()).prop_map(|(member, thing, dies)| Step::Ask { member, thing, dies }),
        2 => (index(), dies()).prop_map(|(payment, dies)| Step::AskAgain { payment, dies }),
        8 => index().prop_map(Step::Pay),
        2 => index().prop_map(Step::Refuse),
        2 => index().prop_map(Step::GiveBack),
        2 => index().prop_map(Step::RunOut),
        2 => (index(), dies()).prop_map(|(payment, dies)| Step::Cancel { payment, dies }),
        3 => (index(), 1..=4_u8, dies()).prop_map(|(payment, share, dies)| Step::Refund { payment, share, dies }),
        1 => (index(), 2..=4_u8).prop_map(|(payment, share)| Step::RefundThere { payment, share }),
        6 => (index(), dies()).prop_map(|(event, dies)| Step::Deliver { event, dies }),
        1 => Just(Step::DeliverAll),
        4 => prop::collection::vec(prop_oneof![Just(None), Just(Some(Fault::Refused)), Just(Some(Fault::AnswerLost))], 1..5)
            .prop_map(Step::Fault),
        1 => dies().prop_map(|dies| Step::Night { dies }),
    ]
}

/// After how many polls a function dies; most live.
fn dies() -> impl Strategy<Value = Option<u8>> {
    prop_oneof![3 => Just(None), 2 => (0..24_u8).prop_map(Some)]
}
