//! A row in the making: values drawn at random for one column after the other.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use uuid::Uuid;

use super::{Row, World};

/// A row in the making.
pub(super) struct Draft<'a> {
    world: &'a World,
    random: StdRng,
    /// In the order in which they were drawn.
    pub(super) values: Vec<(&'static str, Option<String>)>,
}

impl<'a> Draft<'a> {
    /// A row without values yet; the same seed draws the same ones.
    pub(super) fn of(world: &'a World, seed: u64) -> Self {
        Self {
            world,
            random: StdRng::seed_from_u64(seed),
            values: Vec::new(),
        }
    }

    pub(super) fn set(&mut self, column: &'static str, value: impl Into<String>) {
        self.values.push((column, Some(value.into())));
    }

    pub(super) fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.random.random())
            .into_uuid()
            .to_string()
    }

    pub(super) fn id(&mut self) {
        let id = self.uuid();
        self.set("id", id);
    }

    /// A value of its own.
    pub(super) fn unique(&mut self, column: &'static str) {
        let value = self.uuid();
        self.set(column, value);
    }

    /// 32 bytes of its own.
    pub(super) fn bytes(&mut self, column: &'static str) {
        let hex: String = (0..32)
            .map(|_| format!("{:02x}", self.random.random::<u8>()))
            .collect();
        self.set(column, format!("\\x{hex}"));
    }

    pub(super) fn digits(&mut self, column: &'static str) {
        let number = self.random.random_range(1..1_000_000_000);
        self.set(column, number.to_string());
    }

    /// A day of the first millennium, which nothing else is about.
    pub(super) fn day_of_old(&mut self) -> String {
        format!(
            "{:04}-{:02}-{:02}",
            self.random.random_range(1..1000),
            self.random.random_range(1..13),
            self.random.random_range(1..29)
        )
    }

    pub(super) fn pick(&mut self, column: &'static str, words: &[&str]) {
        let word = words.choose(&mut self.random).expect("something to pick from");
        self.set(column, *word);
    }

    /// NULL, or one of these.
    pub(super) fn maybe(&mut self, column: &'static str, words: &[&str]) {
        if self.random.random() {
            self.pick(column, words);
        } else {
            self.values.push((column, None));
        }
    }

    pub(super) fn flag(&mut self, column: &'static str) {
        self.pick(column, &["true", "false"]);
    }

    pub(super) fn member(&mut self, column: &'static str) {
        let member = self.world.members.choose(&mut self.random).expect("a member");
        self.set(column, member.to_string());
    }

    /// Two different people.
    pub(super) fn pair(&mut self, one: &'static str, other: &'static str) {
        let pair: Vec<_> = self
            .world
            .members
            .choose_multiple(&mut self.random, 2)
            .map(Uuid::to_string)
            .collect();
        self.set(one, &pair[0]);
        self.set(other, &pair[1]);
    }

    /// The id of a row of another table, or of none that there is.
    pub(super) fn parent(&mut self, column: &'static str, table: &str) {
        let keys: Vec<_> = self.world.of(table).map(Row::key).collect();
        match keys.choose(&mut self.random) {
            Some(key) => self.set(column, key),
            None => self.unique(column),
        }
    }
}
