//! The two layouts of the board's files, matched by the names in the header and not by position.

use super::fields::Fields;

/// What kind of file the board published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SourceFormat {
    /// Every licence of the state, 52 columns.
    LicenseMaster,
    /// The licences of one county, 24 columns.
    CountyList,
}

impl SourceFormat {
    /// The name in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LicenseMaster => "LICENSE_MASTER",
            Self::CountyList => "COUNTY_LIST",
        }
    }
}

/// The text names no format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the format of a contractor file is LICENSE_MASTER or COUNTY_LIST")]
pub struct UnknownSourceFormat;

impl std::str::FromStr for SourceFormat {
    type Err = UnknownSourceFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::LicenseMaster, Self::CountyList]
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or(UnknownSourceFormat)
    }
}

macro_rules! columns {
    ($($name:ident: $master:literal $(, $county:literal)?;)+) => {
        /// A column of the source, whatever a file calls it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names are those of the License Master; contractor records document them")]
        pub enum Column { $($name),+ }

        /// Each column with its name in the License Master and, where it has one, in the county lists.
        const COLUMNS: [(Column, &str, Option<&str>); COLUMN_COUNT] =
            [$((Column::$name, $master, columns!(@optional $($county)?))),+];
    };
    (@optional) => { None };
    (@optional $county:literal) => { Some($county) };
}

const COLUMN_COUNT: usize = 52;

columns! {
    LicenceNumber: "LicenseNo", "LicenseNumber";
    LastUpdate: "LastUpdate";
    BusinessName: "BusinessName", "BusinessName";
    DbaName: "BUS-NAME-2";
    FullBusinessName: "FullBusinessName";
    Address: "MailingAddress", "Address";
    City: "City", "City";
    State: "State", "State";
    County: "County", "County";
    ZipCode: "ZIPCode", "ZIP Code";
    Country: "country";
    Phone: "BusinessPhone", "PhoneNumber";
    BusinessType: "BusinessType", "BusinessType";
    IssueDate: "IssueDate", "IssueDate";
    ReissueDate: "ReissueDate";
    ExpirationDate: "ExpirationDate", "ExpirationDate";
    InactivationDate: "InactivationDate";
    ReactivationDate: "ReactivationDate";
    PendingSuspension: "PendingSuspension";
    PendingClassRemoval: "PendingClassRemoval";
    PendingClassReplace: "PendingClassReplace";
    PrimaryStatus: "PrimaryStatus", "Status";
    SecondaryStatus: "SecondaryStatus";
    Classifications: "Classifications(s)", "Classification(s)";
    AsbestosRegistration: "AsbestosReg";
    WcCoverageType: "WorkersCompCoverageType", "WorkersCompCoverageType";
    WcInsuranceCompany: "WCInsuranceCompany", "WorkersCompInsuranceCompany";
    WcPolicyNumber: "WCPolicyNumber", "WorkersCompPolicyNumber";
    WcEffectiveDate: "WCEffectiveDate", "EffectiveDate";
    WcExpirationDate: "WCExpirationDate", "ExpirationDate1";
    WcCancellationDate: "WCCancellationDate", "CancellationDate";
    WcSuspendDate: "WCSuspendDate", "WorkersCompSuspendDate";
    CbSuretyCompany: "CBSuretyCompany", "SuretyCompany";
    CbNumber: "CBNumber", "ContractorBondNumber";
    CbEffectiveDate: "CBEffectiveDate", "BondEffectiveDate";
    CbCancellationDate: "CBCancellationDate", "BondCancellationDate";
    CbAmount: "CBAmount";
    WbSuretyCompany: "WBSuretyCompany";
    WbNumber: "WBNumber";
    WbEffectiveDate: "WBEffectiveDate";
    WbCancellationDate: "WBCancellationDate";
    WbAmount: "WBAmount";
    DbSuretyCompany: "DBSuretyCompany";
    DbNumber: "DBNumber";
    DbEffectiveDate: "DBEffectiveDate";
    DbCancellationDate: "DBCancellationDate";
    DbAmount: "DBAmount";
    DateRequired: "DateRequired";
    DiscpCaseRegion: "DiscpCaseRegion";
    DbBondReason: "DBBondReason";
    DbCaseNumber: "DBCaseNo";
    NameTp2: "NAME-TP-2";
}

/// Why a header is not one of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The first line has neither file's licence column.
    #[error(
        "the first line is not the header of a contractor file: it names neither LicenseNo (License Master) nor LicenseNumber \
         (county list), but begins {found:?}; send the file as the state publishes it, header included"
    )]
    Unknown {
        /// The beginning of the line.
        found: String,
    },
    /// Columns of the format are absent. Importing would wipe them, so the file is refused.
    #[error("the header lacks {}; importing it would empty those columns", .columns.join(", "))]
    Missing {
        /// The absent columns, by the file's own names.
        columns: Vec<&'static str>,
    },
    /// A column occurs twice, and which of the two counts is anybody's guess.
    #[error("the header names {column} twice")]
    Repeated {
        /// The column, by the file's own name.
        column: &'static str,
    },
}

/// Where each column stands in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    format: SourceFormat,
    width: usize,
    positions: [Option<usize>; COLUMN_COUNT],
}

impl Layout {
    /// Reads a header. Case, spaces and punctuation of the names do not matter; columns that are not ours are ignored.
    ///
    /// # Errors
    /// When the line is no header of ours, or a column is absent or there twice.
    pub fn from_header(header: Fields<'_>) -> Result<Self, HeaderError> {
        let names: Vec<String> = header.iter().map(squash).collect();
        let has = |name: &str| names.contains(&squash(name));
        let format = if has("LicenseNo") {
            SourceFormat::LicenseMaster
        } else if has("LicenseNumber") {
            SourceFormat::CountyList
        } else {
            let line = header.iter().collect::<Vec<_>>().join(",");
            return Err(HeaderError::Unknown {
                found: line.chars().take(80).collect(),
            });
        };
        let mut positions = [None; COLUMN_COUNT];
        let mut missing = Vec::new();
        for (position, (_, master, county)) in positions.iter_mut().zip(COLUMNS) {
            let Some(name) = (if format == SourceFormat::LicenseMaster {
                Some(master)
            } else {
                county
            }) else {
                continue;
            };
            let wanted = squash(name);
            let mut found = names
                .iter()
                .enumerate()
                .filter(|(_, name)| **name == wanted)
                .map(|(index, _)| index);
            *position = found.next();
            if position.is_none() {
                missing.push(name);
            } else if found.next().is_some() {
                return Err(HeaderError::Repeated { column: name });
            }
        }
        if missing.is_empty() {
            Ok(Self {
                format,
                width: header.len(),
                positions,
            })
        } else {
            Err(HeaderError::Missing { columns: missing })
        }
    }

    /// The kind of file.
    #[must_use]
    pub const fn format(&self) -> SourceFormat {
        self.format
    }

    /// How many fields every record must have.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The field of this column; empty when the file does not carry the column.
    #[must_use]
    pub fn field<'a>(&self, fields: Fields<'a>, column: Column) -> &'a str {
        let position = self.positions.get(column as usize).copied().flatten();
        position.and_then(|position| fields.get(position)).unwrap_or("")
    }
}

/// A column name without what people vary: case, spaces, punctuation. The License Master's odd `Classifications(s)` is also
/// accepted as `Classification(s)`.
fn squash(name: &str) -> String {
    let squashed: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    if squashed == "classificationss" {
        "classifications".to_owned()
    } else {
        squashed
    }
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
