use super::*;
use crate::contractor::SourceFormat;
use crate::contractor::samples::{COUNTY, MASTER, join};
use proptest::prelude::*;
use time::macros::date;

const JANE: &str = "1999001,08/24/2026,EXAMPLE JANE MARIE,,JANE MARIE EXAMPLE,100 SAMPLE ST,OAKLAND,CA,Alameda,94607,,(510) 555 0101,Sole Owner,01/10/2015,,01/31/2027,,,,,,CLEAR,,B| C-9| C10,,Exempt,,,01/10/2015,,,,EXAMPLE SURETY COMPANY,B000001,01/01/2023,,25000,,,,,,,,,,,,,,,";

/// Fields of a line without quotes, with some of them replaced by name.
struct Sample {
    layout: Layout,
    names: Vec<&'static str>,
    values: Vec<String>,
}

impl Sample {
    fn master() -> Self {
        Self::of(MASTER, JANE)
    }

    fn of(header: &'static str, row: &str) -> Self {
        let names: Vec<_> = header.split(',').collect();
        let (text, ends) = join(&names);
        let layout = Layout::from_header(Fields::new(&text, &ends)).unwrap();
        Self {
            layout,
            names,
            values: row.split(',').map(str::to_owned).collect(),
        }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        let index = self.names.iter().position(|known| *known == name).unwrap();
        self.values[index] = value.to_owned();
        self
    }

    fn check(&self, check: impl FnOnce(Normalised<'_>, WarningCounts)) {
        let (text, ends) = join(&self.values);
        let mut warnings = WarningCounts::default();
        let outcome = normalise(&self.layout, Fields::new(&text, &ends), &mut warnings);
        check(outcome, warnings);
    }

    fn record(&self, check: impl FnOnce(ContractorRecord<'_>, WarningCounts)) {
        self.check(|outcome, warnings| match outcome {
            Normalised::Record(record) => check(*record, warnings),
            Normalised::Rejected { reason, .. } => panic!("rejected: {reason}"),
        });
    }

    fn rejected(&self) -> (RejectReason, Option<String>) {
        let mut found = None;
        self.check(|outcome, _| match outcome {
            Normalised::Record(record) => panic!("taken: {record:?}"),
            Normalised::Rejected {
                reason,
                licence_number,
            } => {
                found = Some((reason, licence_number.map(|number| number.to_string())));
            }
        });
        found.unwrap()
    }

    fn region(&self) -> (Region, WarningCounts) {
        let mut found = None;
        self.record(|record, warnings| found = Some((record.region, warnings)));
        found.unwrap()
    }
}

#[test]
fn a_row_of_the_license_master_is_read_whole() {
    Sample::master().record(|record, warnings| {
        assert_eq!(warnings, WarningCounts::default());
        assert_eq!(record.licence_number.as_str(), "1999001");
        assert_eq!(record.region, Region::North);
        assert_eq!(record.business_name, "EXAMPLE JANE MARIE");
        assert_eq!(record.full_business_name.as_deref(), Some("JANE MARIE EXAMPLE"));
        assert_eq!(record.dba_name, None);
        assert_eq!(
            record.business_type,
            Some(crate::contractor::BusinessType::SoleOwner)
        );
        assert_eq!(record.phone.as_deref(), Some("+15105550101"));
        assert_eq!(record.issue_date, Some(date!(2015 - 01 - 10)));
        assert_eq!(record.expiration_date, Some(date!(2027 - 01 - 31)));
        assert!(record.in_good_standing);
        let classes: Vec<_> = record
            .classifications
            .iter()
            .map(Classification::as_str)
            .collect();
        assert_eq!(classes, ["B", "C-9", "C-10"]);
        assert_eq!(
            record.workers_compensation.coverage_type.as_deref(),
            Some("Exempt")
        );
        assert_eq!(record.contractor_bond.amount_cents, Some(2_500_000));
        assert_eq!(record.contractor_bond.number.as_deref(), Some("B000001"));
        assert_eq!(record.worker_bond, Bond::default());
        assert!(record.location.is_some());
    });
}

#[test]
fn a_county_list_carries_other_names_for_the_same() {
    let row = "700901,Corporation,ACME BUILDERS INC,200 SAMPLE AVE #201,SACRAMENTO,CA,95814,Sacramento,(916) 555 0102,06/01/2001,06/30/2027,A| C-8| D03| HAZ,Contr Bond Susp,SURETY CO,12345,01/02/2020,01/02/2030,Workers' Compensation Insurance,STATE FUND,9000001,04/29/2023,04/29/2027,,07/01/2026";
    let sample = Sample::of(COUNTY, row);
    assert_eq!(sample.layout.format(), SourceFormat::CountyList);
    sample.record(|record, _| {
        assert!(!record.in_good_standing);
        assert_eq!(record.primary_status, "Contr Bond Susp");
        assert_eq!(record.contractor_bond.effective_date, Some(date!(2020 - 01 - 02)));
        assert_eq!(
            record.workers_compensation.expiration_date,
            Some(date!(2027 - 04 - 29))
        );
        assert_eq!(
            record.workers_compensation.suspend_date,
            Some(date!(2026 - 07 - 01))
        );
        assert_eq!(record.full_business_name, None);
    });
}

#[test]
fn rows_without_number_name_or_the_right_width_are_rejected() {
    assert_eq!(
        Sample::master().with("LicenseNo", " ").rejected(),
        (RejectReason::MissingLicenceNumber, None)
    );
    assert_eq!(
        Sample::master().with("LicenseNo", "12-A").rejected(),
        (RejectReason::InvalidLicenceNumber, None)
    );
    let nameless = Sample::master()
        .with("BusinessName", "")
        .with("FullBusinessName", "  ");
    assert_eq!(
        nameless.rejected(),
        (RejectReason::MissingName, Some("1999001".into()))
    );
    let mut cut = Sample::master();
    cut.values.truncate(20);
    assert_eq!(
        cut.rejected(),
        (
            RejectReason::FieldCount {
                found: 20,
                expected: 52
            },
            Some("1999001".into())
        )
    );
}

#[test]
fn another_name_stands_in_for_a_missing_business_name() {
    Sample::master()
        .with("BusinessName", "")
        .with("BUS-NAME-2", "JANE BUILDS")
        .record(|record, warnings| {
            assert_eq!(record.business_name, "JANE MARIE EXAMPLE");
            assert_eq!(record.dba_name.as_deref(), Some("JANE BUILDS"));
            assert_eq!(warnings.count(WarningKind::MissingBusinessName), 1);
        });
}

#[test]
fn malformed_optional_values_become_absent_and_are_counted() {
    let sample = Sample::master()
        .with("IssueDate", "13/45/2015")
        .with("WBEffectiveDate", "soon")
        .with("BusinessPhone", "555")
        .with("CBAmount", "a lot")
        .with("ZIPCode", "9460")
        .with("BusinessType", "Guild")
        .with("Classifications(s)", "B| 17")
        .with("PrimaryStatus", "");
    sample.record(|record, warnings| {
        assert_eq!(
            (record.issue_date, record.worker_bond.effective_date),
            (None, None)
        );
        assert_eq!(
            (record.phone, record.contractor_bond.amount_cents, record.zip_code),
            (None, None, None)
        );
        assert_eq!((record.business_type, record.location), (None, None));
        assert_eq!(
            (record.primary_status.as_ref(), record.in_good_standing),
            ("UNKNOWN", false)
        );
        let counted: Vec<_> = warnings.by_name().into_iter().collect();
        let expected = [
            ("malformedAmount", 1),
            ("malformedClassification", 1),
            ("malformedDate", 2),
            ("malformedPhone", 1),
            ("malformedZipCode", 1),
            ("missingStatus", 1),
            ("unknownBusinessType", 1),
        ];
        assert_eq!(counted, expected.map(|(name, count)| (name.to_owned(), count)));
    });
}

#[test]
fn only_clear_is_good_standing() {
    for (status, good) in [
        ("CLEAR", true),
        ("clear", true),
        ("Work Comp Susp", false),
        ("CLEARED", false),
    ] {
        Sample::master()
            .with("PrimaryStatus", status)
            .record(|record, _| assert_eq!(record.in_good_standing, good));
    }
}

#[test]
fn the_county_or_else_the_zip_code_tells_north_from_south() {
    assert_eq!(Sample::master().with("County", "KERN").region().0, Region::South);
    assert_eq!(
        Sample::master()
            .with("County", "")
            .with("ZIPCode", "90001")
            .region()
            .0,
        Region::South
    );
    assert_eq!(Sample::master().with("State", "").region().0, Region::North);
    let (region, warnings) = Sample::master()
        .with("County", "Washoe")
        .with("ZIPCode", "99999")
        .region();
    assert_eq!(
        (region, warnings.count(WarningKind::UnknownCounty)),
        (Region::North, 1)
    );
    assert_eq!(warnings.count(WarningKind::ZipCodeWithoutCentroid), 1);
}

#[test]
fn other_states_and_countries_have_no_coordinates() {
    Sample::master().with("State", "nv").record(|record, _| {
        assert_eq!((record.region, record.location), (Region::OutOfState, None));
        assert_eq!(record.state.as_deref(), Some("NV"));
        assert!(record.zip_code.is_some());
    });
    let abroad = Sample::master()
        .with("State", "")
        .with("country", "CANADA")
        .with("County", "")
        .with("ZIPCode", "");
    let (region, warnings) = abroad.region();
    assert_eq!(
        (region, warnings.count(WarningKind::UnknownState)),
        (Region::OutOfState, 0)
    );
    let (region, warnings) = Sample::master()
        .with("State", "")
        .with("County", "")
        .with("ZIPCode", "")
        .region();
    assert_eq!(
        (region, warnings.count(WarningKind::UnknownState)),
        (Region::OutOfState, 1)
    );
}

#[test]
fn the_date_of_the_file_comes_from_the_license_master_only() {
    let sample = Sample::master();
    let (text, ends) = join(&sample.values);
    assert_eq!(
        last_update(&sample.layout, Fields::new(&text, &ends)),
        Some(date!(2026 - 08 - 24))
    );
    let county = Sample::of(COUNTY, "700901");
    assert_eq!(last_update(&county.layout, Fields::new(&text, &ends)), None);
}

proptest! {
    #[test]
    fn no_row_is_fatal_and_every_taken_row_has_one_line(values in prop::collection::vec(".{0,20}", 50..54), number in "[0-9]{1,14}") {
        let mut sample = Sample::master();
        sample.values = values;
        sample.values[0] = number;
        sample.check(|outcome, _| if let Normalised::Record(record) = outcome {
            let mut line = Vec::new();
            record.write_canonical(&mut line);
            assert!(!line.contains(&b'\n') && !line.contains(&0));
            assert_eq!(line.iter().filter(|byte| **byte == b'\t').count() + 1, crate::contractor::CANONICAL_COLUMNS.len());
        });
    }
}
