//! The application's own reads on a restored database: as its functions read, with their role, under row-level security.

use portal_data::backups::{self, Probe, Scratch};
use portal_data::contractors::{self, ContractorFilters};
use portal_data::courses::{self, CourseFilters};
use portal_data::events::{self, EventFilters};
use portal_data::members::{self, MemberFilters};
use portal_data::projects::{self, ProjectFilters};
use portal_data::search::{self, SearchFilters};
use portal_data::{DataError, Database, DatabaseConfig, RequestContext};
use portal_domain::Caller;
use portal_domain::contractor::LicenceNumber;
use portal_domain::geo::Distance;
use portal_domain::member::MemberOrder;
use portal_domain::project::ProjectStatus;

use crate::error::{BackupError, Fault};
use crate::handler::Work;
use crate::manifest::Manifest;

/// How many entries of a list are read.
const PAGE: i64 = 20;

/// How far around a contractor others are looked for.
const RADIUS_MILES: f64 = 5.0;

/// What came of the reads.
pub(crate) struct Checked {
    /// Those that have found what is there.
    pub(crate) passed: Vec<&'static str>,
    /// Why none was made, where none was.
    pub(crate) note: Option<String>,
}

/// Runs them all.
pub(crate) async fn run(
    work: &Work<'_>,
    scratch: &Scratch,
    manifest: &Manifest,
    reader_secret_id: &str,
) -> Result<Result<Checked, Fault>, BackupError> {
    if let Some(note) = too_old(work, manifest).await? {
        return Ok(Ok(Checked {
            passed: Vec::new(),
            note: Some(note),
        }));
    }
    let probe = scratch.probe().await?;
    let config = DatabaseConfig {
        secret_id: reader_secret_id.to_owned(),
        ..scratch.config().clone()
    };
    let checks = Checks {
        work,
        database: Database::new(config, work.secrets),
        probe,
    };
    let mut passed = Vec::new();
    for (name, outcome) in [
        ("projects", Box::pin(checks.projects()).await),
        ("near", Box::pin(checks.near()).await),
        ("search", Box::pin(checks.search()).await),
        ("lists", Box::pin(checks.lists()).await),
        ("member", Box::pin(checks.member()).await),
    ] {
        match outcome {
            Ok(Found::Yes) => passed.push(name),
            Ok(Found::NothingThere) => {}
            Ok(Found::No(what)) => return Ok(Err(Fault::Reads(format!("{name}: {what} was not found")))),
            Err(error @ DataError::Corrupt { .. }) => {
                return Ok(Err(Fault::Reads(format!("{name}: {error}"))));
            }
            // The server may be away or slow, the reader's login wrong, this program another than the schema's: all tables have the rows
            // of the manifest, so none of that is the backup's fault.
            Err(error) => return Err(BackupError::NotRead { name, error }),
        }
    }
    Ok(Ok(Checked { passed, note: None }))
}

/// Why a backup is not read: its database had fewer migrations than the one that is served now. What this program asks for may not have
/// been there yet, and `migrate` comes before anybody reads it.
async fn too_old(work: &Work<'_>, manifest: &Manifest) -> Result<Option<String>, DataError> {
    let mut tx = work.begin().await?;
    let newest = backups::newest_migration(&mut tx).await?;
    tx.rollback().await?;
    let migration = manifest.migration;
    Ok((migration < newest).then(|| {
        format!("it was not read as the application reads: it has migration {migration}, and the application {newest}")
    }))
}

/// What a read has found.
enum Found {
    Yes,
    /// Nothing like it is in the database.
    NothingThere,
    No(String),
}

impl Found {
    fn when(found: bool, what: &str) -> Self {
        if found {
            Self::Yes
        } else {
            Self::No(what.to_owned())
        }
    }
}

struct Checks<'a> {
    work: &'a Work<'a>,
    database: Database,
    probe: Probe,
}

impl Checks<'_> {
    fn context(&self, caller: Caller) -> RequestContext {
        RequestContext::new(self.work.run_id, caller)
    }

    /// Anybody sees the newest open project, in the list and by itself.
    async fn projects(&self) -> Result<Found, DataError> {
        let Some(id) = self.probe.project else {
            return Ok(Found::NothingThere);
        };
        let context = self.context(Caller::Anonymous);
        portal_data::read!(self.database, &context, |tx| {
            let current = ProjectFilters {
                statuses: ProjectStatus::CURRENT.to_vec(),
                ..ProjectFilters::default()
            };
            let listed = projects::list_newest(tx, &current, None, PAGE).await?;
            let shown = projects::lookup(tx, id).await?;
            let is_listed = listed.iter().any(|project| project.id == id);
            Ok(Found::when(
                is_listed && shown.is_some(),
                &format!("project {id}"),
            ))
        })
    }

    /// Somebody is near where a contractor is.
    async fn near(&self) -> Result<Found, DataError> {
        let Some(place) = self.probe.place else {
            return Ok(Found::NothingThere);
        };
        let context = self.context(Caller::Anonymous);
        portal_data::read!(self.database, &context, |tx| {
            let circle = (place, Distance::from_miles(RADIUS_MILES));
            let near = contractors::list_near(tx, &ContractorFilters::default(), circle, None, PAGE).await?;
            Ok(Found::when(
                !near.is_empty(),
                &format!("the contractor at {place:?}"),
            ))
        })
    }

    /// A contractor is found by licence number, and shown.
    async fn search(&self) -> Result<Found, DataError> {
        let Some(number) = &self.probe.license_number else {
            return Ok(Found::NothingThere);
        };
        let context = self.context(Caller::Anonymous);
        portal_data::read!(self.database, &context, |tx| {
            let filters = SearchFilters::default();
            let answer = search::search(tx, number, &filters, self.work.now, None, PAGE).await?;
            let is_found = answer.results.iter().any(|result| result.id == *number);
            let shown = match number.parse::<LicenceNumber>() {
                Ok(number) => contractors::lookup(tx, &number).await?,
                Err(_) => None,
            };
            Ok(Found::when(
                is_found && shown.is_some(),
                &format!("contractor {number}"),
            ))
        })
    }

    /// Every other list can be read, whatever it holds.
    async fn lists(&self) -> Result<Found, DataError> {
        let context = self.context(Caller::Anonymous);
        portal_data::read!(self.database, &context, |tx| {
            contractors::list(tx, &ContractorFilters::default(), None, PAGE).await?;
            events::list(tx, &EventFilters::default(), None, PAGE).await?;
            courses::list(tx, &CourseFilters::default(), None, PAGE).await?;
            Ok(Found::Yes)
        })
    }

    /// A member gets in and sees the own profile and others.
    async fn member(&self) -> Result<Found, DataError> {
        let (Some(caller), Some((member, _))) = (self.probe.caller(), self.probe.member) else {
            return Ok(Found::NothingThere);
        };
        let context = self.context(caller);
        portal_data::read!(self.database, &context, |tx| {
            members::lookup_own(tx, member).await?;
            let filters = MemberFilters::default();
            let listed = members::list(tx, &filters, MemberOrder::Name, None, PAGE).await?;
            Ok(Found::when(!listed.is_empty(), "any member"))
        })
    }
}
