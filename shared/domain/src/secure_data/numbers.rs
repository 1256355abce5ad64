//! The forms of the numbers, and what makes one impossible.

use super::SecureDataError;

/// Prefixes that the IRS gives out, as inclusive ranges.
///
/// Source: "How EINs are assigned and valid EIN prefixes",
/// <https://www.irs.gov/businesses/small-businesses-self-employed/how-eins-are-assigned-and-valid-ein-prefixes>
const EIN_PREFIXES: &[(u32, u32)] = &[
    (1, 6),
    (10, 16),
    (20, 27),
    (30, 48),
    (50, 68),
    (71, 77),
    (80, 88),
    (90, 95),
    (98, 99),
];

/// The first two digits of a bank's routing number: the twelve Federal Reserve districts, the same for thrift institutions, and the
/// same for electronic transactions. The Treasury (00) and traveller's cheques (80) are no accounts of members.
///
/// Source: <https://en.wikipedia.org/wiki/ABA_routing_transit_number#Routing_number_format>
const ROUTING_DISTRICTS: &[(u32, u32)] = &[(1, 12), (21, 32), (61, 72)];

/// What each digit of a routing number counts in its checksum, which ten must divide.
const ROUTING_WEIGHTS: [u32; 9] = [3, 7, 1, 3, 7, 1, 3, 7, 1];

/// Numbers that were printed in advertisements, and so belong to nobody.
///
/// Source: <https://www.ssa.gov/history/ssn/misused.html>
const ADVERTISED: &[&str] = &["078051120", "219099999"];

/// Nine digits. No area 000, 666 or 9xx, no group 00, no serial 0000 was ever given out, also since numbers are given at random
/// (<https://www.ssa.gov/employer/randomization.html>). Taxpayer numbers (9xx) are not Social Security numbers.
pub(super) fn social_security_number(text: &str) -> Result<String, SecureDataError> {
    let digits = grouped(text, &[3, 2, 4]).ok_or(SecureDataError::SsnForm)?;
    let part = |from, to| digits.get(from..to).unwrap_or_default();
    let never = matches!(part(0, 3), "000" | "666")
        || part(0, 1) == "9"
        || part(3, 5) == "00"
        || part(5, 9) == "0000"
        || ADVERTISED.contains(&digits.as_str());
    if never {
        return Err(SecureDataError::SsnNeverIssued);
    }
    Ok(digits)
}

pub(super) fn employer_identification_number(text: &str) -> Result<String, SecureDataError> {
    let digits = grouped(text, &[2, 7]).ok_or(SecureDataError::EinForm)?;
    if !starts_within(&digits, EIN_PREFIXES) {
        return Err(SecureDataError::EinPrefix);
    }
    Ok(digits)
}

pub(super) fn routing_number(text: &str) -> Result<String, SecureDataError> {
    let digits = grouped(text, &[4, 4, 1]).ok_or(SecureDataError::RoutingForm)?;
    let sum: u32 = values(&digits)
        .zip(ROUTING_WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    if !sum.is_multiple_of(10) || !starts_within(&digits, ROUTING_DISTRICTS) {
        return Err(SecureDataError::RoutingUnknown);
    }
    Ok(digits)
}

/// At most 17 digits, what an ACH entry has room for; blanks and hyphens between them are left out.
pub(super) fn account_number(text: &str) -> Result<String, SecureDataError> {
    let digits: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if !(4..=17).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SecureDataError::AccountForm);
    }
    Ok(digits)
}

/// Digits in one run, or in groups of these lengths with one blank or hyphen between.
fn grouped(text: &str, lengths: &[usize]) -> Option<String> {
    let groups: Vec<&str> = text.trim().split([' ', '-']).collect();
    let total: usize = lengths.iter().sum();
    let fits = match groups.as_slice() {
        [all] => all.len() == total,
        several => several
            .iter()
            .map(|group| group.len())
            .eq(lengths.iter().copied()),
    };
    let digits = groups.concat();
    (fits && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

fn starts_within(digits: &str, ranges: &[(u32, u32)]) -> bool {
    let prefix = values(digits)
        .take(2)
        .fold(0, |number, digit| number * 10 + digit);
    ranges
        .iter()
        .any(|&(first, last)| (first..=last).contains(&prefix))
}

fn values(digits: &str) -> impl Iterator<Item = u32> {
    digits.chars().filter_map(|digit| digit.to_digit(10))
}
