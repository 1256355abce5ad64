//! Lines of the measured shape for the tests.

/// The header of the License Master.
pub(super) const MASTER: &str = "LicenseNo,LastUpdate,BusinessName,BUS-NAME-2,FullBusinessName,MailingAddress,City,State,County,ZIPCode,country,BusinessPhone,BusinessType,IssueDate,ReissueDate,ExpirationDate,InactivationDate,ReactivationDate,PendingSuspension,PendingClassRemoval,PendingClassReplace,PrimaryStatus,SecondaryStatus,Classifications(s),AsbestosReg,WorkersCompCoverageType,WCInsuranceCompany,WCPolicyNumber,WCEffectiveDate,WCExpirationDate,WCCancellationDate,WCSuspendDate,CBSuretyCompany,CBNumber,CBEffectiveDate,CBCancellationDate,CBAmount,WBSuretyCompany,WBNumber,WBEffectiveDate,WBCancellationDate,WBAmount,DBSuretyCompany,DBNumber,DBEffectiveDate,DBCancellationDate,DBAmount,DateRequired,DiscpCaseRegion,DBBondReason,DBCaseNo,NAME-TP-2";
/// The header of a county list.
pub(super) const COUNTY: &str = "LicenseNumber,BusinessType,BusinessName,Address,City,State,ZIP Code,County,PhoneNumber,IssueDate,ExpirationDate,Classification(s),Status,SuretyCompany,ContractorBondNumber,BondEffectiveDate,BondCancellationDate,WorkersCompCoverageType,WorkersCompInsuranceCompany,WorkersCompPolicyNumber,EffectiveDate,ExpirationDate1,CancellationDate,WorkersCompSuspendDate";

/// Fields as they lie behind one another, with their ends.
pub(super) fn join(values: &[impl AsRef<str>]) -> (String, Vec<usize>) {
    let mut text = String::new();
    let mut ends = Vec::new();
    for value in values {
        text.push_str(value.as_ref());
        ends.push(text.len());
    }
    (text, ends)
}
