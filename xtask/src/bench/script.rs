//! The statements of a request as a script for pgbench: the same SQL with the same values, written out.

use super::log::{Statement, Transaction};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

/// The types of the parameters of the portal's statements, by text: what `.sqlx` says of them.
#[derive(Default)]
pub(super) struct Types(HashMap<String, Vec<Option<String>>>);

impl Types {
    /// Reads them in the workspace at this folder.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let folder = root.join(".sqlx");
        let mut types = HashMap::new();
        for entry in
            std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?
        {
            let kept: Value = serde_json::from_slice(&std::fs::read(entry?.path())?)?;
            let Some(query) = kept.get("query").and_then(Value::as_str) else {
                continue;
            };
            let named = kept
                .pointer("/describe/parameters/Left")
                .and_then(Value::as_array);
            let named = named
                .into_iter()
                .flatten()
                .map(|name| name.as_str().map(sql_name));
            types.insert(query.to_owned(), named.collect());
        }
        Ok(Self(types))
    }

    fn of(&self, statement: &str, number: usize) -> Option<&str> {
        self.0.get(statement)?.get(number.checked_sub(1)?)?.as_deref()
    }
}

/// The name that SQL has for a type of `.sqlx`.
fn sql_name(name: &str) -> String {
    match name.strip_suffix("Array") {
        Some(element) => format!("{}[]", element.to_lowercase()),
        None => name.to_lowercase(),
    }
}

/// How far a replica may be behind before it refuses pgbench, which has nowhere else to go: a minute, in milliseconds.
const LAG: &str = "60000";

/// A transaction as a script.
pub(super) fn script(transaction: &Transaction, types: &Types) -> String {
    let statements = transaction.statements.iter();
    statements
        .map(|statement| format!("{};\n", filled(statement, types)))
        .collect()
}

/// A statement with its values in the places of its parameters.
fn filled(statement: &Statement, types: &Types) -> String {
    if let Some(patient) = patient(&statement.sql) {
        return patient;
    }
    let mut text = String::new();
    let mut rest = statement.sql.trim_end().trim_end_matches(';');
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        let digits = after.chars().take_while(char::is_ascii_digit).count();
        let (number, after) = after.split_at(digits);
        rest = after;
        let number: usize = number.parse().unwrap_or_default();
        match number
            .checked_sub(1)
            .and_then(|place| statement.parameters.get(place))
        {
            Some(value) => {
                text.push_str(&literal(value.as_deref()));
                if let Some(name) = types.of(&statement.sql, number) {
                    // Writing into a string does not fail.
                    write!(text, "::{name}").ok();
                }
            }
            None if number > 0 => {
                write!(text, "${number}").ok();
            }
            None => text.push('$'),
        }
    }
    text.push_str(rest);
    text
}

/// The beginning of a request with another bound for the replica's lag, its last argument but one.
fn patient(sql: &str) -> Option<String> {
    let (before, standing) = sql.rsplit_once(", '")?;
    let (before, _) = before.rsplit_once(", ")?;
    before
        .contains("app.begin_request(")
        .then(|| format!("{before}, {LAG}, '{standing}"))
}

/// A value in SQL. pgbench takes a colon before letters for one of its variables, also in quotes.
fn literal(value: Option<&str>) -> String {
    let Some(value) = value else {
        return "NULL".to_owned();
    };
    let quoted = value.replace('\'', "''");
    if quoted.contains([':', '\\']) {
        let escaped = quoted.replace('\\', "\\\\").replace(':', "\\x3a");
        return format!("E'{escaped}'");
    }
    format!("'{quoted}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(sql: &str, parameters: &[Option<&str>]) -> Statement {
        Statement {
            sql: sql.to_owned(),
            parameters: parameters.iter().map(|value| value.map(str::to_owned)).collect(),
        }
    }

    #[test]
    fn values_stand_where_parameters_stood_with_their_types() {
        let sql = "SELECT $1, $$a$$, $2 FROM t WHERE x = $11";
        let mut values = vec![Some("{a,b}"), None];
        values.extend([Some("0"); 9]);
        let types = HashMap::from([(sql.to_owned(), vec![Some(sql_name("TextArray")), None])]);
        let text = filled(&statement(sql, &values), &Types(types));
        assert_eq!(text, "SELECT '{a,b}'::text[], $$a$$, NULL FROM t WHERE x = '0'");
    }

    #[test]
    fn pgbench_finds_no_variable_in_a_value() {
        assert_eq!(literal(Some("it's")), "'it''s'");
        assert_eq!(literal(Some("{\"a\":true}")), "E'{\"a\"\\x3atrue}'");
        assert_eq!(literal(None), "NULL");
    }

    #[test]
    fn pgbench_is_not_sent_away_by_a_moment_of_lag() {
        let begin = "BEGIN READ ONLY; SELECT app.begin_request('a', NULL, NULL, 10000, 0, 1000, 'ANY')";
        let patient = filled(&statement(begin, &[]), &Types::default());
        assert_eq!(patient, begin.replace("1000, 'ANY'", "60000, 'ANY'"));
        assert_eq!(super::patient("SELECT a, b, 'c'"), None);
    }

    #[test]
    fn a_transaction_is_a_script_of_its_statements() {
        let transaction = Transaction {
            user: "portal_api".to_owned(),
            statements: vec![
                statement("BEGIN; SELECT 1", &[]),
                statement("SELECT $1;", &[Some("a")]),
                statement("COMMIT", &[]),
            ],
        };
        assert_eq!(
            script(&transaction, &Types::default()),
            "BEGIN; SELECT 1;\nSELECT 'a';\nCOMMIT;\n"
        );
    }
}
