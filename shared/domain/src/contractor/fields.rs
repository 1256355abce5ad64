//! The fields of one record.

/// The fields of one decoded record: its text with quotes resolved, and where each field ends.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Fields<'a> {
    /// Fields that lie one after the other in `text`, each ending before the byte that `ends` gives.
    #[must_use]
    pub const fn new(text: &'a str, ends: &'a [usize]) -> Self {
        Self { text, ends }
    }

    /// How many fields there are.
    #[must_use]
    pub const fn len(self) -> usize {
        self.ends.len()
    }

    /// Whether there is no field at all.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.ends.is_empty()
    }

    /// The field at this position, counted from 0; none behind the last one.
    #[must_use]
    pub fn get(self, position: usize) -> Option<&'a str> {
        let end = *self.ends.get(position)?;
        let start = match position.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }

    /// All fields in order.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).filter_map(move |position| self.get(position))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_cut_at_their_ends() {
        let fields = Fields::new("abcé", &[1, 1, 3, 5]);
        assert_eq!(fields.iter().collect::<Vec<_>>(), ["a", "", "bc", "é"]);
        assert_eq!(fields.get(4), None);
        assert!(!fields.is_empty());
    }
}
