use super::*;
use crate::split::Split;
use crate::splitter::Splitter;
use portal_domain::contractor::Fields;

const HEADER: &str = "LicenseNumber,BusinessType,BusinessName,Address,City,State,ZIP Code,County,PhoneNumber,IssueDate,ExpirationDate,Classification(s),Status,SuretyCompany,ContractorBondNumber,BondEffectiveDate,BondCancellationDate,WorkersCompCoverageType,WorkersCompInsuranceCompany,WorkersCompPolicyNumber,EffectiveDate,ExpirationDate1,CancellationDate,WorkersCompSuspendDate";

fn layout() -> Layout {
    let mut text = String::new();
    let mut ends = Vec::new();
    for name in HEADER.split(',') {
        text.push_str(name);
        ends.push(text.len());
    }
    Layout::from_header(Fields::new(&text, &ends)).unwrap()
}

fn row(number: &str, name: &str) -> String {
    format!(
        "{number},Corporation,{name},1 A ST,OAKLAND,CA,94607,Alameda,(510) 555 0101,01/02/2020,01/02/2030,B,CLEAR{}\n",
        ",".repeat(11)
    )
}

fn gather(bytes: &[u8]) -> (Part, Splitter) {
    let layout = layout();
    let mut part = Part::new(
        "0198a7c0-0000-7000-8000-000000000001".parse().unwrap(),
        Totals::default(),
    );
    let mut splitter = Splitter::new(100, 5, Some(layout.width()));
    splitter.feed(bytes);
    splitter.finish();
    loop {
        match splitter.step() {
            Split::Record(record) => part.add(&layout, &record),
            Split::Rejected { reason, record } => part.reject(&layout, &record, &reason),
            Split::NeedInput | Split::End => return (part, splitter),
        }
    }
}

#[test]
fn rows_are_gathered_with_their_lines_and_the_position_behind_them() {
    let text = row("1", "ACME") + &row("2", "BETA");
    let (mut part, splitter) = gather(text.as_bytes());
    let chunk = part.take(splitter.offset(), splitter.line());
    assert_eq!(chunk.licence_numbers, ["1", "2"]);
    assert_eq!(
        chunk.checkpoint.byte_offset,
        100 + i64::try_from(text.len()).unwrap()
    );
    assert_eq!(
        (
            chunk.checkpoint.line_number,
            chunk.checkpoint.rows_read,
            chunk.seen_count
        ),
        (6, 2, 2)
    );
    let lines = std::str::from_utf8(&chunk.lines).unwrap();
    assert!(lines.starts_with("0198a7c0-0000-7000-8000-000000000001\t5\t1\tNORTH\tACME\t"));
    assert!(lines.ends_with("\t\\N\n"), "a county list has no fingerprint");
    assert_eq!(chunk.ends.last(), Some(&chunk.lines.len()));
    assert_eq!(part.take(0, 1).ends, Vec::<usize>::new());
}

#[test]
fn a_rejected_row_keeps_its_licence_seen_on_no_line() {
    let text = row("1", "") + "2,too,few\n3,\"unclosed\n";
    let (mut part, splitter) = gather(text.as_bytes());
    let chunk = part.take(splitter.offset(), splitter.line());
    assert_eq!(
        (chunk.checkpoint.rows_read, chunk.checkpoint.rows_rejected),
        (3, 3)
    );
    let lines: Vec<_> = chunk.rejects.iter().map(|reject| reject.line).collect();
    assert_eq!(lines, [5, 6, 7]);
    let seen = std::str::from_utf8(&chunk.seen).unwrap();
    let expected: Vec<_> = ["1", "2", "3"]
        .map(|number| format!("0198a7c0-0000-7000-8000-000000000001\t0\t{number}"))
        .into();
    assert_eq!(seen.lines().collect::<Vec<_>>(), expected);
    assert!(chunk.rejects[0].reason.starts_with("no name"));
    assert_eq!(chunk.rejects[1].record, "2,too,few");
}

#[test]
fn windows_1252_is_counted() {
    let (part, _) = gather(
        &row("1", "MU?OZ")
            .into_bytes()
            .iter()
            .map(|byte| if *byte == b'?' { 0xd1 } else { *byte })
            .collect::<Vec<_>>(),
    );
    assert_eq!(part.totals().warnings.count(WarningKind::Windows1252), 1);
    assert!(String::from_utf8(part.chunk.lines).unwrap().contains("MUÑOZ"));
}
