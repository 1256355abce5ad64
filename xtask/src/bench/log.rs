//! Reading a server's log: which statements a request has sent, with their parameters, by whom.
//!
//! A server that logs all statements writes `statement: …` for those of the simple protocol, and `execute <name>: …` with a DETAIL of the
//! parameters for the others. Lines after the first begin with a tab.

use std::collections::HashMap;

/// A statement as the server executed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) sql: String,
    /// The values of `$1`, `$2` and so on, as text.
    pub(super) parameters: Vec<Option<String>>,
}

/// A transaction from its BEGIN to its COMMIT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Transaction {
    pub(super) user: String,
    pub(super) statements: Vec<Statement>,
}

struct Entry {
    process: String,
    user: String,
    text: String,
}

/// The whole transactions whose first statement holds `mark`, in the order in which they ended.
pub(super) fn transactions(log: &str, mark: &str) -> Vec<Transaction> {
    let mut open: HashMap<String, Transaction> = HashMap::new();
    let mut ended = Vec::new();
    for entry in entries(log) {
        let text = entry.text.as_str();
        if let Some(detail) = text.strip_prefix("DETAIL:  ") {
            let last = open
                .get_mut(&entry.process)
                .and_then(|transaction| transaction.statements.last_mut());
            if let (Some(last), Some((_, values))) = (last, detail.split_once("arameters: ")) {
                last.parameters = parameters(values);
            }
            continue;
        }
        let Some(sql) = statement(text) else { continue };
        if sql.starts_with("BEGIN") && sql.contains(mark) {
            let transaction = Transaction {
                user: entry.user,
                statements: Vec::new(),
            };
            open.insert(entry.process.clone(), transaction);
        }
        if let Some(transaction) = open.get_mut(&entry.process) {
            transaction.statements.push(Statement {
                sql: sql.to_owned(),
                parameters: Vec::new(),
            });
        }
        match sql {
            "COMMIT" => ended.extend(open.remove(&entry.process)),
            // A replica that lacks the session or lags: the request has gone on elsewhere.
            "ROLLBACK" => drop(open.remove(&entry.process)),
            _ => {}
        }
    }
    ended
}

/// The SQL of a LOG entry about a statement.
fn statement(text: &str) -> Option<&str> {
    let text = text.strip_prefix("LOG:  ")?;
    if let Some(sql) = text.strip_prefix("statement: ") {
        return Some(sql);
    }
    let (_, sql) = text.strip_prefix("execute ")?.split_once(": ")?;
    Some(sql)
}

fn entries(log: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in log.lines() {
        if let Some(more) = line.strip_prefix('\t') {
            if let Some(last) = entries.last_mut() {
                last.text.push('\n');
                last.text.push_str(more);
            }
        } else if let Some(entry) = entry(line) {
            entries.push(entry);
        }
    }
    entries
}

/// A line after the prefix `%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h `.
fn entry(line: &str) -> Option<Entry> {
    let (_, rest) = line.split_once(" [")?;
    let (process, rest) = rest.split_once("]: ")?;
    let (_, rest) = rest.split_once("user=")?;
    let (user, rest) = rest.split_once(',')?;
    let (_, rest) = rest.split_once("client=")?;
    let (_, text) = rest.split_once(' ')?;
    Some(Entry {
        process: process.to_owned(),
        user: user.to_owned(),
        text: text.to_owned(),
    })
}

/// `$1 = 'a''b', $2 = NULL`: values in order.
fn parameters(text: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some((_, value)) = rest.split_once(" = ") {
        if let Some(quoted) = value.strip_prefix('\'') {
            let (value, after) = unquoted(quoted);
            values.push(Some(value));
            rest = after;
        } else {
            values.push(None);
            rest = value.strip_prefix("NULL").unwrap_or(value);
        }
    }
    values
}

/// The value up to the closing quote, and what follows that.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut rest = text;
    while let Some((part, after)) = rest.split_once('\'') {
        value.push_str(part);
        rest = after;
        match after.strip_prefix('\'') {
            Some(more) => {
                value.push('\'');
                rest = more;
            }
            None => break,
        }
    }
    (value, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "2026-11-28 09:13:00 UTC [41]: [4-1] user=portal_api,db=portal,app=directory,client=127.0.0.1 LOG:  statement: BEGIN READ ONLY; SELECT app.begin_request('aa-1', NULL)
2026-11-28 09:13:00 UTC [42]: [1-1] user=postgres,db=portal,app=xtask,client=127.0.0.1 LOG:  statement: SELECT 1
2026-11-28 09:13:00 UTC [41]: [5-1] user=portal_api,db=portal,app=directory,client=127.0.0.1 LOG:  execute <unnamed>: SELECT *
\tFROM firms -- a comment
\tWHERE name = $1 AND city = $2 AND class = $3
2026-11-28 09:13:00 UTC [41]: [6-1] user=portal_api,db=portal,app=directory,client=127.0.0.1 DETAIL:  parameters: $1 = 'O''Brien, $2 = x', $2 = NULL, $3 = '{B}'
2026-11-28 09:13:00 UTC [41]: [7-1] user=portal_api,db=portal,app=directory,client=127.0.0.1 LOG:  statement: COMMIT
2026-11-28 09:13:00 UTC [41]: [8-1] user=portal_api,db=portal,app=directory,client=127.0.0.1 LOG:  statement: BEGIN READ ONLY; SELECT app.begin_request('aa-2', NULL)
";

    #[test]
    fn a_request_is_found_by_its_id_with_the_values_it_sent() {
        let found = transactions(LOG, "aa-1");
        let [transaction] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(transaction.user, "portal_api");
        let sql: Vec<&str> = transaction
            .statements
            .iter()
            .map(|statement| statement.sql.as_str())
            .collect();
        assert_eq!(
            sql,
            [
                "BEGIN READ ONLY; SELECT app.begin_request('aa-1', NULL)",
                "SELECT *\nFROM firms -- a comment\nWHERE name = $1 AND city = $2 AND class = $3",
                "COMMIT",
            ]
        );
        let values = [Some("O'Brien, $2 = x".to_owned()), None, Some("{B}".to_owned())];
        assert_eq!(transaction.statements[1].parameters, values);
    }

    #[test]
    fn one_that_has_not_ended_or_was_called_off_is_not_there() {
        assert!(transactions(LOG, "aa-2").is_empty());
        assert!(transactions(&LOG.replace("COMMIT", "ROLLBACK"), "aa-1").is_empty());
    }
}
