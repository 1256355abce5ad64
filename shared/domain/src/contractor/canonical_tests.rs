use std::borrow::Cow;

use super::*;
use crate::contractor::{Centroid, Region, WorkersCompensation};
use proptest::prelude::*;
use time::macros::date;

fn record(name: &str) -> ContractorRecord<'_> {
    let none = || None;
    ContractorRecord {
        licence_number: "1999001".parse().unwrap(),
        region: Region::North,
        business_name: Cow::Borrowed(name),
        full_business_name: none(),
        dba_name: none(),
        business_type: Some(crate::contractor::BusinessType::JointVenture),
        address: none(),
        city: Some("OAKLAND".into()),
        state: Some("CA".into()),
        county: Some("Alameda".into()),
        zip_code: Some("94607".parse().unwrap()),
        country: none(),
        phone: Some("+15105550101".into()),
        issue_date: Some(date!(2015 - 01 - 10)),
        reissue_date: None,
        expiration_date: None,
        inactivation_date: None,
        reactivation_date: None,
        pending_suspension: none(),
        pending_class_removal: none(),
        pending_class_replace: none(),
        primary_status: "CLEAR".into(),
        secondary_status: none(),
        in_good_standing: true,
        classifications: ["B", "C-10"].map(|class| class.parse().unwrap()).into(),
        asbestos_registration: none(),
        workers_compensation: WorkersCompensation::default(),
        contractor_bond: Bond {
            amount_cents: Some(2_500_000),
            ..Bond::default()
        },
        worker_bond: Bond::default(),
        disciplinary_bond: Bond::default(),
        date_required: None,
        discp_case_region: none(),
        db_bond_reason: none(),
        db_case_no: none(),
        name_tp_2: none(),
        location: Some(Centroid {
            latitude: 37.8,
            longitude: -122.25,
        }),
    }
}

fn canonical(name: &str) -> String {
    let mut line = Vec::new();
    record(name).write_canonical(&mut line);
    String::from_utf8(line).unwrap()
}

#[test]
fn every_value_stands_under_its_column() {
    let line = canonical("MUÑOZ");
    let values: std::collections::HashMap<_, _> =
        CANONICAL_COLUMNS.into_iter().zip(line.split('\t')).collect();
    assert_eq!(line.split('\t').count(), CANONICAL_COLUMNS.len());
    for (column, value) in [
        ("license_number", "1999001"),
        ("region", "NORTH"),
        ("business_name", "MUÑOZ"),
        ("dba_name", "\\N"),
        ("business_type", "JOINT_VENTURE"),
        ("zip_code", "94607"),
        ("phone", "+15105550101"),
        ("issue_date", "2015-01-10"),
        ("primary_status", "CLEAR"),
        ("in_good_standing", "t"),
        ("classifications", "{B,C-10}"),
        ("cb_amount_cents", "2500000"),
        ("name_tp_2", "\\N"),
        ("longitude", "-122.25"),
        ("latitude", "37.8"),
    ] {
        assert_eq!(values[column], value, "{column}");
    }
}

#[test]
fn separators_inside_a_text_are_escaped() {
    assert_eq!(
        canonical("A\tB\\N\nC\r").split('\t').nth(2),
        Some("A\\tB\\\\N\\nC\\r")
    );
}

#[test]
fn the_fingerprint_is_fixed() {
    let of = |name| Fingerprint::of(canonical(name).as_bytes());
    assert_eq!(of("ACME"), of("ACME"));
    assert_ne!(of("ACME"), of("ACME "));
    assert_eq!(
        Fingerprint::of(b"").as_uuid().to_string(),
        "b40711a8-8c70-3975-6fb8-a73827eabe2c"
    );
}

proptest! {
    #[test]
    fn different_names_never_share_a_line(one in "[\\\\\\tA\\nN]{0,6}", other in "[\\\\\\tA\\nN]{0,6}") {
        prop_assert_eq!(one == other, canonical(&one) == canonical(&other));
    }
}
