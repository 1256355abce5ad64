//! Licence files as the board publishes them.

/// The header of the License Master.
pub const HEADER: &str = "LicenseNo,LastUpdate,BusinessName,BUS-NAME-2,FullBusinessName,MailingAddress,City,State,County,ZIPCode,country,BusinessPhone,BusinessType,IssueDate,ReissueDate,ExpirationDate,InactivationDate,ReactivationDate,PendingSuspension,PendingClassRemoval,PendingClassReplace,PrimaryStatus,SecondaryStatus,Classifications(s),AsbestosReg,WorkersCompCoverageType,WCInsuranceCompany,WCPolicyNumber,WCEffectiveDate,WCExpirationDate,WCCancellationDate,WCSuspendDate,CBSuretyCompany,CBNumber,CBEffectiveDate,CBCancellationDate,CBAmount,WBSuretyCompany,WBNumber,WBEffectiveDate,WBCancellationDate,WBAmount,DBSuretyCompany,DBNumber,DBEffectiveDate,DBCancellationDate,DBAmount,DateRequired,DiscpCaseRegion,DBBondReason,DBCaseNo,NAME-TP-2";
/// The header of a county list.
pub const COUNTY_HEADER: &str = "LicenseNumber,BusinessType,BusinessName,Address,City,State,ZIP Code,County,PhoneNumber,IssueDate,ExpirationDate,Classification(s),Status,SuretyCompany,ContractorBondNumber,BondEffectiveDate,BondCancellationDate,WorkersCompCoverageType,WorkersCompInsuranceCompany,WorkersCompPolicyNumber,EffectiveDate,ExpirationDate1,CancellationDate,WorkersCompSuspendDate";

/// One row of the License Master.
#[derive(Clone, Debug)]
pub struct Row {
    /// The licence number.
    pub number: u32,
    /// The name of the firm.
    pub name: String,
    /// The county, which decides the region.
    pub county: &'static str,
    /// The primary status.
    pub status: &'static str,
}

/// A firm in Oakland.
#[must_use]
pub fn row(number: u32, name: &str) -> Row {
    Row {
        number,
        name: name.to_owned(),
        county: "Alameda",
        status: "CLEAR",
    }
}

impl Row {
    /// Its line in the file of a day of August 2026.
    #[must_use]
    pub fn line(&self, day: u8) -> String {
        let Self {
            number,
            name,
            county,
            status,
        } = self;
        format!(
            "{number},08/{day:02}/2026,\"{}\",,,{number} SAMPLE ST,OAKLAND,CA,{county},94607,,(510) 555 0101,Corporation,01/10/2015,,\
             01/31/2027,,,,,,{status},,B| C10,,Exempt,,,01/10/2015,,,,EXAMPLE SURETY,B{number},01/01/2023,,25000{}\r\n",
            name.replace('"', "\"\""),
            ",".repeat(15),
        )
    }
}

/// A License Master of a day of August 2026.
#[must_use]
pub fn master(day: u8, rows: &[Row]) -> String {
    let lines: String = rows.iter().map(|row| row.line(day)).collect();
    format!("{HEADER}\r\n{lines}")
}

/// So many rows with numbers from 1,000 on.
#[must_use]
pub fn many(count: u32) -> Vec<Row> {
    (0..count)
        .map(|n| row(1_000 + n, &format!("FIRM {n}, INC")))
        .collect()
}
