//! Rows of every table with row-level security, drawn at random: what the tests of the policies and of the audit work on.
//!
//! A value is text, as PostgreSQL reads and writes it; the columns of a row are those that make it valid and those that the rules
//! of the product look at.

mod communication;
mod draft;
mod loosen;
mod money;
mod operations;
mod people;
mod work;

use uuid::Uuid;

use draft::Draft;
pub use loosen::loosen;

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
        let mut draft = Draft::of(world, seed);
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
