//! A model of money: members, staff, their bank, Stripe and the functions in any order, with answers that are lost, events that come late,
//! twice, in any order or never, and functions that die between any two steps. In the end, after a night: what Stripe has taken is what the
//! books say, is what the ledger sums up to, is what was given; never twice, never lost.

mod furniture;
mod ground;
mod plan;
mod property;
mod truth;
