//! How the portal itself is: backups, partitions, checks, series of figures, and the server. What staff see who keep it running.

mod backups;
mod health;
mod partitions;
mod series;
mod server;

pub use backups::{BackupAge, BackupListing, BackupSummary};
pub use health::{
    AlertListing, CheckListing, CheckStatus, Direction, HealthReport, JobListing, JobState, SubjectListing,
    Unit,
};
pub use partitions::{ArchiveListing, ArchivesListing, PartitionListing, PartitionedTable, PartitionsReport};
pub use series::{MOST_POINTS, MOST_SUBJECTS, Point, Series, SeriesOfSubject, Window, WindowError};
pub use server::{
    ConnectionFigures, DatabaseReport, DatabaseSizes, LongestTransaction, ReplicaFigures, StatementFigures,
    TableFigures, TransactionFigures,
};
