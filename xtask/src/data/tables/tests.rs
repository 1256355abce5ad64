use std::collections::BTreeSet;

use time::Duration;
use time::macros::date;

use super::applications::applications;
use super::events;
use super::money::memberships;
use super::projects;
use super::world::{Scale, World};

fn world(scale: Scale) -> World {
    World::new(1, scale, date!(2026 - 11 - 22)).unwrap()
}

#[test]
fn the_full_set_is_as_large_as_promised() {
    let world = world(Scale::Full);
    let counts = [
        &world.users,
        &world.projects,
        &world.messages,
        &world.events,
        &world.actions,
        &world.courses,
    ];
    assert_eq!(
        counts.map(|series| series.count),
        [20_000, 50_000, 1_000_000, 5_000, 2_000_000, 500]
    );
    assert_eq!(Scale::Full.contractors(), 300_000);
    assert_eq!(Scale::TenTimes.contractors(), 3_000_000);
    let seats: usize = (0..5_000)
        .map(|index| events::registrations(&world, &events::outline(&world, index)).len())
        .sum();
    assert!((200_000..210_000).contains(&seats), "{seats} registrations");
}

#[test]
fn a_fifth_of_the_projects_is_open_and_can_still_be_bid_on() {
    let world = world(Scale::Full);
    let outlines = (0..world.projects.count)
        .step_by(7)
        .map(|index| projects::outline(&world, index));
    let (mut all, mut open) = (0, 0);
    for outline in outlines {
        all += 1;
        if matches!(outline.status, "PUBLISHED" | "BIDDING_OPEN") {
            open += 1;
            assert!(outline.deadline > world.now);
        }
        assert!(outline.budget.0 < outline.budget.1);
        assert!(
            outline
                .published_at
                .is_none_or(|at| at >= outline.row.at && at <= world.now)
        );
    }
    assert!((19..=21).contains(&(open * 100 / all)), "{open} of {all}");
}

#[test]
fn bidders_are_different_members_and_none_is_the_owner() {
    let world = world(Scale::Small);
    for index in 0..world.projects.count {
        let mut outline = projects::outline(&world, index);
        let bids = applications(&world, &mut outline);
        let bidders: BTreeSet<u64> = bids.iter().map(|bid| bid.bidder).collect();
        assert_eq!(bidders.len(), bids.len());
        assert!(!bidders.contains(&outline.owner));
        assert!(bids.is_empty() || !matches!(outline.status, "DRAFT" | "PUBLISHED"));
    }
}

#[test]
fn nobody_registers_twice_and_no_event_has_more_seats_taken_than_it_has() {
    let world = world(Scale::Small);
    for index in 0..world.events.count {
        let outline = events::outline(&world, index);
        let seats = events::registrations(&world, &outline);
        let members: BTreeSet<u64> = seats.iter().map(|seat| seat.member).collect();
        assert_eq!(members.len(), seats.len());
        let taken = seats.iter().filter(|seat| seat.takes_seat());
        assert!(taken.count() as u64 <= outline.seats);
        assert!(seats.iter().all(|seat| seat.at <= world.now));
    }
}

#[test]
fn paid_years_follow_each_other() {
    let world = world(Scale::Small);
    let mut active = 0;
    for user in 0..world.users.count {
        let periods = memberships(&world, user);
        assert!(
            periods
                .windows(2)
                .all(|pair| pair[0].ends_at <= pair[1].starts_at)
        );
        assert!(
            periods
                .iter()
                .all(|period| period.ends_at - period.starts_at == Duration::days(365))
        );
        active += u64::from(periods.last().is_some_and(|period| period.ends_at > world.now));
    }
    assert!(active > world.users.count / 3, "{active} active members");
}

#[test]
fn the_same_seed_makes_the_same_rows() {
    let (one, other) = (world(Scale::Small), world(Scale::Small));
    for index in [0, 1, 42, 199] {
        assert_eq!(one.users.id(index), other.users.id(index));
        assert_eq!(
            projects::outline(&one, index).status,
            projects::outline(&other, index).status
        );
    }
    let elsewhere = World::new(2, Scale::Small, date!(2026 - 11 - 22)).unwrap();
    assert_ne!(one.users.id(0), elsewhere.users.id(0));
}
