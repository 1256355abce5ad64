use proptest::prelude::*;

use super::*;

fn powers(numbers: impl IntoIterator<Item = usize>) -> Powers {
    const ALL: [&str; 5] = ["a.a", "b.b", "c.c", "d.d", "e.e"];
    numbers
        .into_iter()
        .map(|number| ALL[number].parse().unwrap())
        .collect()
}

/// All of these for good.
fn lasting(numbers: impl IntoIterator<Item = usize>) -> Reach {
    powers(numbers)
        .into_iter()
        .map(|permission| (permission, None))
        .collect()
}

fn role(number: usize) -> RoleName {
    ["one", "two", "three", "four"][number].parse().unwrap()
}

fn grants(numbers: &[usize]) -> Grants {
    let grants = numbers.iter().map(|number| RoleGrant {
        role: role(*number),
        expires_at: None,
    });
    Grants(grants.collect())
}

#[test]
fn only_what_changes_is_asked_about() {
    let all = |_: &RoleName| powers([0]);
    assert_eq!(
        judge_grants(&lasting([]), &grants(&[0, 1]), &grants(&[1, 0]), all),
        Ok(())
    );
    let refusal = judge_grants(&lasting([]), &grants(&[0]), &grants(&[0, 1]), all).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "You may not give, take or edit two: it takes a.a, which you do not have."
    );
    assert!(
        judge_grants(&lasting([]), &grants(&[0]), &grants(&[]), all).is_err(),
        "nor taken"
    );
}

#[test]
fn another_end_is_a_change() {
    let until = Grants(vec![RoleGrant {
        role: role(0),
        expires_at: Some("2031-01-01T00:00:00Z".parse().unwrap()),
    }]);
    assert!(judge_grants(&lasting([]), &grants(&[0]), &until, |_| powers([1])).is_err());
    assert_eq!(
        judge_grants(&lasting([1]), &grants(&[0]), &until, |_| powers([1])),
        Ok(())
    );
}

#[test]
fn the_role_of_administrators_is_not_edited() {
    let administrator: RoleName = ADMINISTRATOR.parse().unwrap();
    let (caller, some, all) = (lasting([0, 1]), powers([0]), powers([0, 1]));
    assert_eq!(judge_edit(&caller, &administrator, &all, &all), Ok(()));
    assert_eq!(
        judge_edit(&caller, &administrator, &all, &some),
        Err(GrantRefusal::Administrator)
    );
}

const ENDS: [Option<&str>; 3] = [Some("2031-01-01T00:00:00Z"), Some("2032-01-01T00:00:00Z"), None];

/// The end of this number: a later one has the higher.
fn end(number: usize) -> Option<Moment> {
    ENDS[number].map(|end| end.parse().unwrap())
}

#[test]
fn what_one_has_for_a_while_is_given_for_no_longer() {
    for (own, given) in (0..3).flat_map(|own| (0..3).map(move |given| (own, given))) {
        let caller: Reach = [(powers([0]).pop_first().unwrap(), end(own))]
            .into_iter()
            .collect();
        let wanted = Grants(vec![RoleGrant {
            role: role(0),
            expires_at: end(given),
        }]);
        let judged = judge_grants(&caller, &Grants::default(), &wanted, |_| powers([0]));
        assert_eq!(judged.is_ok(), given <= own, "{own} {given}");
        let taken = judge_grants(&caller, &wanted, &Grants::default(), |_| powers([0]));
        assert_eq!(taken, Ok(()), "taken is not given");
    }
}

#[test]
fn what_one_has_for_a_while_is_put_into_no_role() {
    let caller: Reach = [(powers([0]).pop_first().unwrap(), end(0))].into_iter().collect();
    let refusal = judge_edit(&caller, &role(0), &powers([]), &powers([0])).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "You may not give one for so long: it takes a.a, which you have for a shorter time."
    );
    assert_eq!(judge_edit(&caller, &role(0), &powers([0]), &powers([])), Ok(()));
}

fn drawn() -> impl Strategy<Value = Powers> {
    prop::collection::btree_set(0..5_usize, 0..5).prop_map(powers)
}

proptest! {
    /// Nobody comes to more by giving, whoever gives what to whom: what the receiver gains, the giver has.
    #[test]
    fn nobody_gives_what_they_do_not_have(
        caller in drawn(),
        roles in prop::collection::vec(drawn(), 4),
        before in prop::collection::btree_set(0..4_usize, 0..4),
        after in prop::collection::btree_set(0..4_usize, 0..4),
    ) {
        let allowed = |name: &RoleName| roles[(0..4).find(|number| role(*number) == *name).unwrap()].clone();
        let sum = |held: &std::collections::BTreeSet<usize>| -> Powers { held.iter().flat_map(|number| roles[*number].clone()).collect() };
        let list = |held: &std::collections::BTreeSet<usize>| grants(&held.iter().copied().collect::<Vec<_>>());
        let reach: Reach = caller.iter().map(|permission| (permission.clone(), None)).collect();
        let judged = judge_grants(&reach, &list(&before), &list(&after), allowed);
        let moved: Powers = before.symmetric_difference(&after).flat_map(|number| roles[*number].clone()).collect();
        prop_assert_eq!(judged.is_ok(), moved.is_subset(&caller));
        if judged.is_ok() {
            let gained: Powers = sum(&after).difference(&sum(&before)).cloned().collect();
            prop_assert!(gained.is_subset(&caller));
        }
    }

    /// An edit that is admitted changes nothing but what the caller has.
    #[test]
    fn nobody_edits_what_they_do_not_have(caller in drawn(), before in drawn(), after in drawn()) {
        let reach: Reach = caller.iter().map(|permission| (permission.clone(), None)).collect();
        let judged = judge_edit(&reach, &role(0), &before, &after);
        let changed: Powers = before.symmetric_difference(&after).cloned().collect();
        prop_assert_eq!(judged.is_ok(), changed.is_subset(&caller));
    }

    /// Who may change an account may do all that it may.
    #[test]
    fn nobody_changes_who_may_do_more(caller in drawn(), person in drawn()) {
        prop_assert_eq!(judge_person(&caller, &person).is_ok(), person.is_subset(&caller));
    }
}
