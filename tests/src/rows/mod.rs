//! Rows of every table with row-level security, drawn at random: what the tests of the policies and of the audit work on.
//!
//! A value is text, as PostgreSQL reads and writes it; the columns of a row are those that make it valid and those that the rules
//! of the product look at.

mod communication;
mod money;
mod operations;
mod people;
mod work;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

/// A kind of row.
#[derive(Debug)]
pub struct Table {
    /// Its table.
    pub name: &'static str,
    /// The columns that tell its rows apart.
    pub key: &'static [&'static str],
    /// Draws a row.
    fill: fn(&mut Draft<'_>),
}

/// Every kind of row.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    [
        people::TABLES,
        work::TABLES,
        communication::TABLES,
        money::TABLES,
        operations::TABLES,
    ]
    .into_iter()
    .flatten()
}

/// The kind of row of a table.
#[must_use]
pub fn table(name: &str) -> &'static Table {
    tables()
        .find(|table| table.name == name)
        .unwrap_or_else(|| panic!("tests/src/rows has no {name}: say there how a row of it is made"))
}

impl Table {
    /// The SQL expression of a row's key.
    #[must_use]
    pub fn key_sql(&self) -> String {
        let columns: Vec<_> = self.key.iter().map(|column| format!("{column}::text")).collect();
        format!("concat_ws('/', {})", columns.join(", "))
    }

    /// Draws a row from a seed, among the people and rows of a world.
    #[must_use]
    pub fn draw(&'static self, world: &World, seed: u64) -> Row {
        let mut draft = Draft {
            world,
            random: StdRng::seed_from_u64(seed),
            values: Vec::new(),
        };
        (self.fill)(&mut draft);
        Row {
            table: self,
            values: draft.values,
        }
    }
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// What kind.
    pub table: &'static Table,
    values: Vec<(&'static str, Option<String>)>,
}

impl Row {
    /// A value; none for NULL and for a column that was left to its default.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        let (_, value) = self.values.iter().find(|(name, _)| *name == column)?;
        value.as_deref()
    }

    /// Whether a column holds this.
    #[must_use]
    pub fn is(&self, column: &str, value: &str) -> bool {
        self.get(column) == Some(value)
    }

    /// The columns that it gives a value.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.values.iter().map(|(name, _)| *name)
    }

    /// What tells it apart in its table.
    #[must_use]
    pub fn key(&self) -> String {
        let parts: Vec<_> = self
            .table
            .key
            .iter()
            .filter_map(|column| self.get(column))
            .collect();
        parts.join("/")
    }

    /// The same row with another value.
    #[must_use]
    pub fn with(&self, column: &'static str, value: &str) -> Self {
        let mut row = self.clone();
        row.values.retain(|(name, _)| *name != column);
        row.values.push((column, Some(value.to_owned())));
        row
    }

    /// The same row with a column left to its default.
    #[must_use]
    pub fn without(&self, column: &str) -> Self {
        let mut row = self.clone();
        row.values.retain(|(name, _)| *name != column);
        row
    }

    /// The statement that inserts it, with all columns or with those among `only`.
    #[must_use]
    pub fn insert(&self, only: Option<&[&str]>) -> String {
        let chosen = |name: &str| only.is_none_or(|only| only.contains(&name));
        let (columns, values): (Vec<_>, Vec<_>) = self
            .values
            .iter()
            .filter(|(name, _)| chosen(name))
            .map(|(name, value)| (*name, literal(value.as_deref())))
            .unzip();
        format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.table.name,
            columns.join(", "),
            values.join(", ")
        )
    }
}

/// A value as a literal that takes the type of where it stands.
#[must_use]
pub fn literal(value: Option<&str>) -> String {
    value.map_or_else(
        || "NULL".to_owned(),
        |text| format!("'{}'", text.replace('\'', "''")),
    )
}

/// Who and what is there to refer to.
#[derive(Debug, Default)]
pub struct World {
    /// Accounts.
    pub members: Vec<Uuid>,
    /// Rows so far.
    pub rows: Vec<Row>,
}

impl World {
    /// The rows of a table.
    pub fn of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Row> {
        self.rows.iter().filter(move |row| row.table.name == table)
    }

    /// The row of a table with this key.
    #[must_use]
    pub fn find(&self, table: &str, key: Option<&str>) -> Option<&Row> {
        self.rows
            .iter()
            .find(|row| row.table.name == table && Some(row.key().as_str()) == key)
    }

    /// Draws a row and keeps it unless its key is there already; whether it was kept.
    pub fn add(&mut self, table: &'static Table, seed: u64) -> bool {
        let row = table.draw(self, seed);
        let fresh = self.find(table.name, Some(&row.key())).is_none();
        if fresh {
            self.rows.push(row);
        }
        fresh
    }
}

/// A row in the making.
struct Draft<'a> {
    world: &'a World,
    random: StdRng,
    values: Vec<(&'static str, Option<String>)>,
}

impl Draft<'_> {
    fn set(&mut self, column: &'static str, value: impl Into<String>) {
        self.values.push((column, Some(value.into())));
    }

    fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.random.random())
            .into_uuid()
            .to_string()
    }

    fn id(&mut self) {
        let id = self.uuid();
        self.set("id", id);
    }

    /// A value of its own.
    fn unique(&mut self, column: &'static str) {
        let value = self.uuid();
        self.set(column, value);
    }

    /// 32 bytes of its own.
    fn bytes(&mut self, column: &'static str) {
        let hex: String = (0..32)
            .map(|_| format!("{:02x}", self.random.random::<u8>()))
            .collect();
        self.set(column, format!("\\x{hex}"));
    }

    fn digits(&mut self, column: &'static str) {
        let number = self.random.random_range(1..1_000_000_000);
        self.set(column, number.to_string());
    }

    /// A day of the first millennium, which nothing else is about.
    fn day_of_old(&mut self) -> String {
        format!(
            "{:04}-{:02}-{:02}",
            self.random.random_range(1..1000),
            self.random.random_range(1..13),
            self.random.random_range(1..29)
        )
    }

    fn pick(&mut self, column: &'static str, words: &[&str]) {
        let word = words.choose(&mut self.random).expect("something to pick from");
        self.set(column, *word);
    }

    /// NULL, or one of these.
    fn maybe(&mut self, column: &'static str, words: &[&str]) {
        if self.random.random() {
            self.pick(column, words);
        } else {
            self.values.push((column, None));
        }
    }

    fn flag(&mut self, column: &'static str) {
        self.pick(column, &["true", "false"]);
    }

    fn member(&mut self, column: &'static str) {
        let member = self.world.members.choose(&mut self.random).expect("a member");
        self.set(column, member.to_string());
    }

    /// Two different people.
    fn pair(&mut self, one: &'static str, other: &'static str) {
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
    fn parent(&mut self, column: &'static str, table: &str) {
        let keys: Vec<_> = self.world.of(table).map(Row::key).collect();
        match keys.choose(&mut self.random) {
            Some(key) => self.set(column, key),
            None => self.unique(column),
        }
    }
}

/// Takes away what would keep a row from being added, changed or deleted for other reasons than its rights: foreign keys,
/// uniqueness beyond the primary key, and triggers that keep the rules of the business. For a test's own database.
pub async fn loosen(owner: &mut PgConnection) {
    sqlx::raw_sql(
        "DO $$
        DECLARE
            target record;
        BEGIN
            FOR target IN
                SELECT conrelid::regclass AS name, conname FROM pg_constraint
                WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'u', 'x') AND conparentid = 0
                ORDER BY contype
            LOOP
                EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', target.name, target.conname);
            END LOOP;
            FOR target IN
                SELECT i.indexrelid::regclass AS name FROM pg_index AS i
                JOIN pg_class AS c ON c.oid = i.indrelid AND NOT c.relispartition
                WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND NOT i.indisprimary
            LOOP
                EXECUTE format('DROP INDEX %s', target.name);
            END LOOP;
            FOR target IN
                SELECT t.tgrelid::regclass AS name, t.tgname FROM pg_trigger AS t
                JOIN pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::regnamespace
                WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgname NOT IN ('audit', 'touch', 'append_only', 'append_only_whole')
            LOOP
                EXECUTE format('DROP TRIGGER %I ON %s', target.tgname, target.name);
            END LOOP;
        END
        $$",
    )
    .execute(owner)
    .await
    .unwrap();
}
