//! The two layouts in which the board publishes licences, and the way it writes a line.

use super::cover::{Bond, WorkersCompensation};
use super::licence::Licence;

/// Which of the board's files to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// License Master: every licence, 52 columns.
    LicenseMaster,
    /// A county list: 24 columns under other names.
    CountyList,
}

const LICENSE_MASTER: &str = "LicenseNo,LastUpdate,BusinessName,BUS-NAME-2,FullBusinessName,MailingAddress,City,State,\
County,ZIPCode,country,BusinessPhone,BusinessType,IssueDate,ReissueDate,ExpirationDate,InactivationDate,ReactivationDate,\
PendingSuspension,PendingClassRemoval,PendingClassReplace,PrimaryStatus,SecondaryStatus,Classifications(s),AsbestosReg,\
WorkersCompCoverageType,WCInsuranceCompany,WCPolicyNumber,WCEffectiveDate,WCExpirationDate,WCCancellationDate,WCSuspendDate,\
CBSuretyCompany,CBNumber,CBEffectiveDate,CBCancellationDate,CBAmount,WBSuretyCompany,WBNumber,WBEffectiveDate,\
WBCancellationDate,WBAmount,DBSuretyCompany,DBNumber,DBEffectiveDate,DBCancellationDate,DBAmount,DateRequired,\
DiscpCaseRegion,DBBondReason,DBCaseNo,NAME-TP-2";

const COUNTY_LIST: &str = "LicenseNumber,BusinessType,BusinessName,Address,City,State,ZIP Code,County,PhoneNumber,IssueDate,\
ExpirationDate,Classification(s),Status,SuretyCompany,ContractorBondNumber,BondEffectiveDate,BondCancellationDate,\
WorkersCompCoverageType,WorkersCompInsuranceCompany,WorkersCompPolicyNumber,EffectiveDate,ExpirationDate1,CancellationDate,\
WorkersCompSuspendDate";

impl Layout {
    /// The first line, without its end.
    pub(super) const fn header(self) -> &'static str {
        match self {
            Self::LicenseMaster => LICENSE_MASTER,
            Self::CountyList => COUNTY_LIST,
        }
    }

    /// Appends the licence's line, with its end, to `line`. `last_update` is the file's day, the same in every row.
    pub(super) fn write(self, licence: &Licence, last_update: &str, line: &mut String) {
        match self {
            Self::LicenseMaster => write_line(&license_master(licence, last_update), line),
            Self::CountyList => write_line(&county_list(licence), line),
        }
    }
}

fn license_master<'a>(licence: &'a Licence, last_update: &'a str) -> Vec<&'a str> {
    let mut fields: Vec<&str> = vec![
        &licence.number,
        last_update,
        &licence.names.filed,
        &licence.names.trading_as,
        &licence.names.full,
        &licence.address,
        &licence.city,
        &licence.state,
        &licence.county,
        &licence.zip,
        &licence.country,
        &licence.phone,
        &licence.business_type,
        &licence.issued,
        &licence.reissued,
        &licence.expires,
        &licence.inactivated,
        &licence.reactivated,
        &licence.pending_suspension,
        &licence.pending_class_removal,
        &licence.pending_class_replace,
        &licence.status,
        &licence.secondary_status,
        &licence.classes,
        &licence.asbestos,
    ];
    fields.extend(compensation(&licence.workers_compensation));
    for bond in [
        &licence.contractor_bond,
        &licence.workers_bond,
        &licence.disciplinary_bond,
    ] {
        fields.extend(bond_fields(bond));
        fields.push(&bond.amount);
    }
    fields.extend([
        licence.date_required.as_str(),
        &licence.disciplinary_region,
        &licence.bond_reason,
        &licence.case_number,
        &licence.name_type,
    ]);
    fields
}

fn county_list(licence: &Licence) -> Vec<&str> {
    let mut fields: Vec<&str> = vec![
        &licence.number,
        &licence.business_type,
        &licence.names.filed,
        &licence.address,
        &licence.city,
        &licence.state,
        &licence.zip,
        &licence.county,
        &licence.phone,
        &licence.issued,
        &licence.expires,
        &licence.classes,
        &licence.status,
    ];
    fields.extend(bond_fields(&licence.contractor_bond));
    fields.extend(compensation(&licence.workers_compensation));
    fields
}

fn compensation(cover: &WorkersCompensation) -> [&str; 7] {
    [
        &cover.coverage,
        &cover.company,
        &cover.policy,
        &cover.effective,
        &cover.expires,
        &cover.cancelled,
        &cover.suspended,
    ]
}

fn bond_fields(bond: &Bond) -> [&str; 4] {
    [&bond.company, &bond.number, &bond.effective, &bond.cancelled]
}

/// Appends a line: a field with a comma is quoted, a quote in any other field stands bare, as the board's own program leaves it.
fn write_line(fields: &[&str], line: &mut String) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        if field.contains(',') {
            line.push('"');
            line.push_str(&field.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(field);
        }
    }
    line.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_layouts_have_as_many_fields_as_names() {
        let licence = Licence::default();
        assert_eq!(LICENSE_MASTER.split(',').count(), 52);
        assert_eq!(license_master(&licence, "").len(), 52);
        assert_eq!(COUNTY_LIST.split(',').count(), 24);
        assert_eq!(county_list(&licence).len(), 24);
    }

    #[test]
    fn commas_are_quoted_and_quotes_stand_bare() {
        let mut line = String::new();
        write_line(&["1", "ACME \"24\" INC", "A, \"B\"", ""], &mut line);
        assert_eq!(line, "1,ACME \"24\" INC,\"A, \"\"B\"\"\",\r\n");
    }
}
