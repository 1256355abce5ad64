use super::*;
use proptest::prelude::*;

/// What came out of a file, with the position behind each.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    line: u64,
    fields: Vec<String>,
    rejected: Option<String>,
    terminated: bool,
    next: (u64, u64),
}

/// Splits bytes that come in pieces of one size, beginning at a position.
fn split_from(bytes: &[u8], piece: usize, (offset, line): (u64, u64), width: Option<usize>) -> Vec<Seen> {
    let mut splitter = Splitter::new(offset, line, width);
    let mut pieces = bytes[usize::try_from(offset).unwrap()..].chunks(piece);
    let mut seen = Vec::new();
    loop {
        let (record, rejected) = match splitter.step() {
            Split::End => return seen,
            Split::NeedInput => {
                match pieces.next() {
                    Some(piece) => splitter.feed(piece),
                    None => splitter.finish(),
                }
                continue;
            }
            Split::Record(record) => (record, None),
            Split::Rejected { reason, record } => (record, Some(reason.to_string())),
        };
        let mut start = 0;
        let mut fields = Vec::new();
        for end in record.fields.ends {
            fields.push(String::from_utf8_lossy(&record.fields.bytes[start..*end]).into_owned());
            start = *end;
        }
        let (line, terminated) = (record.line, record.terminated);
        seen.push(Seen {
            line,
            fields,
            rejected,
            terminated,
            next: (splitter.offset(), splitter.line()),
        });
    }
}

fn split(text: &str) -> Vec<Seen> {
    split_from(text.as_bytes(), 7, (0, 1), Some(3))
}

fn taken(text: &str) -> Vec<(u64, Vec<String>)> {
    split(text)
        .into_iter()
        .filter(|seen| seen.rejected.is_none())
        .map(|seen| (seen.line, seen.fields))
        .collect()
}

fn rejected(text: &str) -> Vec<(u64, String)> {
    split(text)
        .into_iter()
        .filter_map(|seen| Some((seen.line, seen.rejected?)))
        .collect()
}

fn row(line: u64, fields: [&str; 3]) -> (u64, Vec<String>) {
    (line, fields.map(str::to_owned).to_vec())
}

#[test]
fn line_ends_of_both_kinds_blank_lines_and_a_byte_order_mark() {
    let text = "\u{feff}1,a,b\r\n2,c,d\n\r\n\n3,e,f\r\n";
    assert_eq!(
        taken(text),
        [
            row(1, ["1", "a", "b"]),
            row(2, ["2", "c", "d"]),
            row(5, ["3", "e", "f"])
        ]
    );
    assert_eq!(split(text)[2].next, (text.len() as u64, 6));
}

#[test]
fn quotes_may_stand_around_and_inside_fields() {
    let text = "1,\"A, INC\",x\n2,JOE \"THE\" B,\"say \"\"hi\"\"\"\r\n3,\"two\nlines\",y\n4,a\rb,z\n";
    let expected = [
        row(1, ["1", "A, INC", "x"]),
        row(2, ["2", "JOE \"THE\" B", "say \"hi\""]),
        row(3, ["3", "two\nlines", "y"]),
        row(5, ["4", "a\rb", "z"]),
    ];
    assert_eq!(taken(text), expected);
}

#[test]
fn the_last_record_tells_whether_the_file_was_cut() {
    let last = |text| split(text).pop().unwrap();
    assert!(last("1,a,b\n").terminated);
    let whole = last("1,a,b\n2,c,d");
    assert_eq!((whole.terminated, whole.fields.len()), (false, 3));
    let cut = last("1,a,b\n2,\"A, I");
    assert_eq!((cut.terminated, cut.fields.len()), (false, 2));
}

#[test]
fn an_unclosed_quote_costs_only_its_own_line() {
    let text = "1,\"oops,x\n2,a,b\n3,c,d\n";
    assert_eq!(taken(text), [row(2, ["2", "a", "b"]), row(3, ["3", "c", "d"])]);
    assert_eq!(rejected(text)[0].0, 1);
    assert!(rejected(text)[0].1.contains("not closed"));
}

#[test]
fn a_swallowed_line_is_noticed_even_when_the_number_of_fields_is_right() {
    let text = "1,\"oops,x\n2,a,b\n3,\"\"\"A\"\" B\",d\n4,e,f\n";
    assert_eq!(
        taken(text),
        [
            row(2, ["2", "a", "b"]),
            row(3, ["3", "\"A\" B", "d"]),
            row(4, ["4", "e", "f"])
        ]
    );
    assert_eq!(rejected(text).len(), 1);
}

#[test]
fn the_wrong_number_of_fields_is_handed_out_as_it_is() {
    assert_eq!(split("1,a\n")[0].fields, ["1", "a"]);
    let many = split("1,a,b,c,d,e,f,g,h\n2,a,b\n");
    assert!(
        many[0]
            .rejected
            .as_ref()
            .unwrap()
            .contains("wrong number of fields")
    );
    assert_eq!(many[1].fields, ["2", "a", "b"]);
}

#[test]
fn a_record_past_the_limit_is_rejected_and_passed_over() {
    let long = "x".repeat(MAX_RECORD_BYTES);
    let text = format!("1,{long},b\n2,c,d\n");
    let seen = split_from(text.as_bytes(), 60_000, (0, 1), Some(3));
    assert!(
        seen[0]
            .rejected
            .as_ref()
            .unwrap()
            .contains("longer than 1048576 bytes")
    );
    assert_eq!(seen[0].fields[0], "1");
    assert_eq!((seen[1].line, seen[1].fields[0].as_str()), (2, "2"));
    let endless = split_from(
        "y".repeat(3 * MAX_RECORD_BYTES).as_bytes(),
        60_000,
        (0, 1),
        Some(3),
    );
    assert_eq!((endless.len(), endless[0].terminated), (1, false));
}

#[test]
fn an_unclosed_quote_before_a_megabyte_of_lines_costs_only_its_own_line() {
    let lines = "2,a,b\n".repeat(MAX_RECORD_BYTES / 6 + 100);
    let text = format!("1,\"oops,x\n{lines}");
    let seen = split_from(text.as_bytes(), 60_000, (0, 1), Some(3));
    assert_eq!(seen.iter().filter(|seen| seen.rejected.is_some()).count(), 1);
    assert_eq!(seen.len(), MAX_RECORD_BYTES / 6 + 101);
}

#[test]
fn memory_stays_small_on_an_endless_line() {
    let mut splitter = Splitter::new(0, 1, Some(3));
    let piece = vec![b'z'; 64 << 10];
    for _ in 0..320 {
        assert!(matches!(splitter.step(), Split::NeedInput));
        splitter.feed(&piece);
    }
    assert!(splitter.buffer.capacity() < 4 * MAX_RECORD_BYTES);
}

proptest! {
    /// Pieces of any size give the same records, and going on behind any of them gives the rest.
    #[test]
    fn neither_pieces_nor_a_restart_change_anything(text in "([0-9a,\"\n\r]|\n[0-9],a,b){0,60}", piece in 1usize..9) {
        let whole = split_from(text.as_bytes(), text.len().max(1), (0, 1), Some(3));
        prop_assert_eq!(&split_from(text.as_bytes(), piece, (0, 1), Some(3)), &whole);
        for (index, seen) in whole.iter().enumerate() {
            prop_assert_eq!(&split_from(text.as_bytes(), piece, seen.next, Some(3)), &whole[index + 1..]);
        }
    }

    /// Well-formed files survive whatever their fields hold.
    #[test]
    fn written_records_are_read_back(rows in prop::collection::vec(prop::collection::vec("[a-z\", ]{0,6}", 2), 0..8)) {
        let quote = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
        let text: String = rows.iter().map(|row| format!("7,{},{}\r\n", quote(&row[0]), quote(&row[1]))).collect();
        let read: Vec<Vec<String>> = split(&text).into_iter().map(|seen| seen.fields[1..].to_vec()).collect();
        prop_assert_eq!(read, rows);
    }
}
