use proptest::prelude::*;

use super::SecureDataError as Wrong;
use super::*;

fn digits(kind: SecureKind, text: &str) -> Result<String, SecureDataError> {
    SecureValue::parse(kind, text).map(|value| value.digits().to_owned())
}

#[test]
fn a_social_security_number_is_read_as_it_is_written() {
    for text in ["123-45-6789", "123 45 6789", " 123456789 "] {
        assert_eq!(digits(SecureKind::Ssn, text), Ok("123456789".to_owned()));
    }
    for text in [
        "",
        "12345678",
        "1234567890",
        "12-345-6789",
        "123--456789",
        "123-45-678a",
        "１23456789",
    ] {
        assert_eq!(digits(SecureKind::Ssn, text), Err(Wrong::SsnForm), "{text}");
    }
}

#[test]
fn a_social_security_number_that_nobody_has_is_refused() {
    let never = [
        "000-45-6789",
        "666-45-6789",
        "900-45-6789",
        "999-45-6789",
        "123-00-6789",
        "123-45-0000",
        "078-05-1120",
        "219-09-9999",
    ];
    for text in never {
        assert_eq!(
            digits(SecureKind::Ssn, text),
            Err(Wrong::SsnNeverIssued),
            "{text}"
        );
    }
    for text in ["001-01-0001", "665-45-6789", "667-45-6789", "899-99-9999"] {
        assert!(digits(SecureKind::Ssn, text).is_ok(), "{text}");
    }
}

#[test]
fn an_employer_number_begins_with_a_prefix_in_use() {
    assert_eq!(digits(SecureKind::Ein, "94-1234567"), Ok("941234567".to_owned()));
    assert_eq!(digits(SecureKind::Ein, "941234567"), Ok("941234567".to_owned()));
    assert_eq!(digits(SecureKind::Ein, "941-23-4567"), Err(Wrong::EinForm));
    let unused = [
        "00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89", "96", "97",
    ];
    for prefix in 0..100 {
        let prefix = format!("{prefix:02}");
        let outcome = digits(SecureKind::Ein, &format!("{prefix}-1234567"));
        assert_eq!(outcome.is_err(), unused.contains(&prefix.as_str()), "{prefix}");
    }
}

#[test]
fn a_routing_number_has_a_district_and_a_check_digit() {
    // Of the Federal Reserve Bank of San Francisco, of two large banks, and one for electronic transactions.
    for number in ["121000374", "121000248", "1210-0035-8", "021000021", "611000004"] {
        assert!(digits(SecureKind::BankRouting, number).is_ok(), "{number}");
    }
    // All zeros satisfy the checksum; 00 is the Treasury, 13 and 80 are no district.
    for number in ["000000000", "000000518", "130000006", "800000006", "121000249"] {
        assert_eq!(
            digits(SecureKind::BankRouting, number),
            Err(Wrong::RoutingUnknown),
            "{number}"
        );
    }
    for number in ["12100024", "1210002488", "12-1000248", ""] {
        assert_eq!(
            digits(SecureKind::BankRouting, number),
            Err(Wrong::RoutingForm),
            "{number}"
        );
    }
}

#[test]
fn an_account_number_is_all_digits() {
    assert_eq!(
        digits(SecureKind::BankAccount, " 12-34 5678"),
        Ok("12345678".to_owned())
    );
    for text in ["123", "123456789012345678", "12a45", "", "----"] {
        assert_eq!(
            digits(SecureKind::BankAccount, text),
            Err(Wrong::AccountForm),
            "{text}"
        );
    }
}

#[test]
fn no_more_than_half_of_a_number_and_four_digits_show() {
    let shown = |text: &str| {
        SecureValue::parse(SecureKind::BankAccount, text)
            .unwrap()
            .last_digits()
            .to_owned()
    };
    assert_eq!(shown("1234"), "34");
    assert_eq!(shown("1234567"), "567");
    assert_eq!(shown("12345678901234567"), "4567");
}

#[test]
fn neither_a_value_nor_an_error_shows_the_number() {
    let value = SecureValue::parse(SecureKind::Ssn, "123-45-6789").unwrap();
    assert_eq!(format!("{value:?}"), "SecureValue(SSN, [redacted])");
    let error = SecureValue::parse(SecureKind::Ssn, "666-45-6789").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("666"));
}

proptest! {
    /// The checksum is there to catch exactly these two slips of the pen.
    #[test]
    fn a_routing_number_with_one_wrong_digit_is_refused(at in 0_usize..9, other in 0_u8..10) {
        let right = "121000248";
        let mut wrong = right.as_bytes().to_vec();
        wrong[at] = b'0' + other;
        let wrong = String::from_utf8(wrong).unwrap();
        prop_assume!(wrong != right);
        prop_assert!(digits(SecureKind::BankRouting, &wrong).is_err());
    }

    #[test]
    fn no_text_is_too_odd_to_be_refused(text in "\\PC*") {
        for kind in SecureKind::ALL {
            if let Ok(value) = SecureValue::parse(*kind, &text) {
                prop_assert!(value.digits().bytes().all(|byte| byte.is_ascii_digit()));
            }
        }
    }
}
