//! Rows that no import can take.

use super::layout::Layout;
use super::licence::Licence;

/// What can be wrong with a row as a whole.
const KINDS: u64 = 6;

/// How many rejects a file with rejects holds: each kind twice.
pub(crate) const COUNT: u64 = 2 * KINDS;

/// Spoils a good line for good, in the way that `kind` says. The licence's own good row is not in the file then.
pub(super) fn write(kind: u64, layout: Layout, licence: &Licence, last_update: &str, line: &mut String) {
    let mut licence = licence.clone();
    match kind % KINDS {
        0 => licence.number.clear(),
        1 => {
            licence.names.filed.clear();
            licence.names.trading_as.clear();
            licence.names.full.clear();
        }
        2 => licence.number = "PENDING".into(),
        _ => {}
    }
    let start = line.len();
    layout.write(&licence, last_update, line);
    match kind % KINDS {
        // A row that lost its second half, and one that gained a field.
        3 => {
            line.truncate(start);
            line.push_str(&format!("{},TORN APART\r\n", licence.number));
        }
        4 => {
            line.truncate(line.trim_end().len());
            line.push_str(",ONE FIELD MORE\r\n");
        }
        5 => {
            line.truncate(start);
            line.push_str("*** END OF PAGE ***\r\n");
        }
        _ => {}
    }
}
