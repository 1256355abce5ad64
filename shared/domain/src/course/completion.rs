//! When a course is completed.

/// How far a member has come in one module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModuleProgress {
    /// Whether the module counts.
    pub is_required: bool,
    /// How far, in hundredths.
    pub percent: i32,
}

/// How far a member has come in a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    /// How many modules count.
    pub counted: i64,
    /// How many of them are done.
    pub done: i64,
    /// How far the member has come over all that count, in whole hundredths; 100 only when all are done.
    pub percent: i32,
}

impl Completion {
    /// The state of a course from that of its modules. Where none is required, all count.
    #[must_use]
    pub fn of(modules: &[ModuleProgress]) -> Self {
        let has_required = modules.iter().any(|module| module.is_required);
        let (mut counted, mut done, mut sum) = (0_i64, 0_i64, 0_i64);
        for module in modules
            .iter()
            .filter(|module| module.is_required || !has_required)
        {
            let percent = i64::from(module.percent.clamp(0, 100));
            counted += 1;
            done += i64::from(percent == 100);
            sum += percent;
        }
        // A mean of hundredths is one itself.
        let percent = sum.checked_div(counted).unwrap_or(0).clamp(0, 100);
        Self {
            counted,
            done,
            percent: i32::try_from(percent).unwrap_or(0),
        }
    }

    /// Whether a course that asks for so many in a hundred of its modules is completed. One without modules never is.
    #[must_use]
    pub fn completes(&self, asked: i32) -> bool {
        self.counted > 0 && self.done * 100 >= i64::from(asked) * self.counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn modules(states: &[(bool, i32)]) -> Vec<ModuleProgress> {
        states
            .iter()
            .map(|(is_required, percent)| ModuleProgress {
                is_required: *is_required,
                percent: *percent,
            })
            .collect()
    }

    #[test]
    fn required_modules_count_and_others_do_not() {
        let completion = Completion::of(&modules(&[(true, 100), (true, 50), (false, 0)]));
        assert_eq!(
            (completion.counted, completion.done, completion.percent),
            (2, 1, 75)
        );
        assert!(completion.completes(50) && !completion.completes(51));
    }

    #[test]
    fn where_none_is_required_all_count() {
        let completion = Completion::of(&modules(&[(false, 100), (false, 0)]));
        assert_eq!((completion.counted, completion.percent), (2, 50));
    }

    #[test]
    fn a_course_without_modules_is_never_completed() {
        let completion = Completion::of(&[]);
        assert_eq!(completion.percent, 0);
        assert!(!completion.completes(1));
    }

    #[test]
    fn two_of_three_are_less_than_67_in_a_hundred() {
        let completion = Completion::of(&modules(&[(true, 100), (true, 100), (true, 99)]));
        assert!(completion.completes(66) && !completion.completes(67));
        assert_eq!(completion.percent, 99, "not all is done");
    }

    proptest! {
        #[test]
        fn going_on_never_takes_a_completion_away(
            states in prop::collection::vec((any::<bool>(), 0..=100), 1..12), which: prop::sample::Index, more in 0..=100, asked in 1..=100,
        ) {
            let before = modules(&states);
            let mut after = before.clone();
            let at = which.index(states.len());
            after[at].percent = after[at].percent.max(more);
            let (before, after) = (Completion::of(&before), Completion::of(&after));
            prop_assert!(after.percent >= before.percent && after.done >= before.done);
            prop_assert!(!before.completes(asked) || after.completes(asked));
            prop_assert!((0..=100).contains(&after.percent));
            prop_assert_eq!(after.percent == 100, after.done == after.counted);
        }
    }
}
