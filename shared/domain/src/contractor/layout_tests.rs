use super::*;
use crate::contractor::samples::{COUNTY, MASTER, join};

fn read(line: &str) -> Result<Layout, HeaderError> {
    let (text, ends) = cut(line);
    Layout::from_header(Fields::new(&text, &ends))
}

fn cut(line: &str) -> (String, Vec<usize>) {
    join(&line.split(',').collect::<Vec<_>>())
}

#[test]
fn columns_are_numbered_as_they_are_listed() {
    for (index, (column, _, _)) in COLUMNS.iter().enumerate() {
        assert_eq!(*column as usize, index);
    }
}

#[test]
fn both_formats_are_known_by_their_names() {
    let master = read(MASTER).unwrap();
    assert_eq!(
        (master.format(), master.width()),
        (SourceFormat::LicenseMaster, 52)
    );
    let county = read(COUNTY).unwrap();
    assert_eq!((county.format(), county.width()), (SourceFormat::CountyList, 24));
    assert_eq!(
        COUNTY.split(',').count(),
        COLUMNS.iter().filter(|(_, _, county)| county.is_some()).count()
    );
}

#[test]
fn case_spaces_and_order_do_not_matter() {
    let mut names: Vec<String> = MASTER
        .split(',')
        .map(|name| format!(" {} ", name.to_uppercase()))
        .collect();
    names.reverse();
    names.push("Something New".into());
    let layout = read(&names.join(",")).unwrap();
    assert_eq!(layout.width(), 53);
    let (text, ends) = cut(&(0..53).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
    assert_eq!(
        layout.field(Fields::new(&text, &ends), Column::LicenceNumber),
        "51"
    );
    assert_eq!(layout.field(Fields::new(&text, &ends), Column::NameTp2), "0");
}

#[test]
fn a_column_that_the_file_does_not_carry_is_empty() {
    let layout = read(COUNTY).unwrap();
    let (text, ends) = cut(COUNTY);
    let fields = Fields::new(&text, &ends);
    assert_eq!(layout.field(fields, Column::DbaName), "");
    assert_eq!(layout.field(fields, Column::PrimaryStatus), "Status");
    assert_eq!(layout.field(fields, Column::WcExpirationDate), "ExpirationDate1");
}

#[test]
fn other_headers_are_refused_with_what_is_wrong() {
    assert!(matches!(
        read("<!DOCTYPE html>"),
        Err(HeaderError::Unknown { .. })
    ));
    assert!(matches!(
        read("1999001,08/24/2026,EXAMPLE"),
        Err(HeaderError::Unknown { .. })
    ));
    let lacking = read(&MASTER.replace(",City,", ",Town,").replace(",WBNumber", "")).unwrap_err();
    assert_eq!(
        lacking,
        HeaderError::Missing {
            columns: vec!["City", "WBNumber"]
        }
    );
    assert!(lacking.to_string().contains("City, WBNumber"));
    assert_eq!(
        read(&format!("{MASTER},city")),
        Err(HeaderError::Repeated { column: "City" })
    );
}

#[test]
fn formats_read_back() {
    for format in [SourceFormat::LicenseMaster, SourceFormat::CountyList] {
        assert_eq!(format.as_str().parse::<SourceFormat>(), Ok(format));
    }
    assert_eq!("XLSX".parse::<SourceFormat>(), Err(UnknownSourceFormat));
}
