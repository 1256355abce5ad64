//! Files that members upload: what is declared of one before it comes, and what is shown of it.

mod checksum;
mod media;
mod name;
mod size;
mod ticket;

pub use checksum::{Checksum, NotAChecksum};
pub use media::{FileType, ImageType};
pub use name::{FileName, FileNameError, attachment};
pub use size::{FileSize, NotASize};
pub use ticket::{DownloadTicket, UploadTicket};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ids::{EventId, FileId, ProjectId};
use crate::listing::Moment;
use crate::words::words;

words! {
    /// What an upload is for.
    UploadKind {
        /// A plan or document of a project.
        ProjectFile = "PROJECT_FILE",
        /// A slide or handout of an event.
        EventFile = "EVENT_FILE",
        /// A member's picture.
        Avatar = "AVATAR",
    }
}

words! {
    /// Whether the bytes of a file are there.
    FileState {
        /// It was announced; its bytes have not come yet, or have not been looked at.
        Pending = "PENDING",
        /// Its bytes are there, and are those that were announced.
        Stored = "STORED",
    }
}

impl UploadKind {
    /// What the keys of such objects begin with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::ProjectFile => "projects/",
            Self::EventFile => "events/",
            Self::Avatar => "avatars/",
        }
    }

    /// The key of an object; `random` must be a random UUID, so that nobody finds it by guessing. It tells nothing of the file.
    #[must_use]
    pub fn key(self, random: Uuid) -> String {
        format!("{}{random}", self.prefix())
    }
}

/// What an upload must be: the signature of its URL binds it, and the stored object is compared with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The media type.
    pub media_type: String,
    /// The size in bytes.
    pub size_bytes: i64,
    /// SHA-256 of the content.
    pub checksum: Checksum,
}

/// A file of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectFile {
    /// Its id.
    pub id: FileId,
    /// The project.
    pub project_id: ProjectId,
    /// Its name, as whoever uploads it calls it.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    #[schema(minimum = 1)]
    pub size_bytes: i64,
    /// SHA-256 of its content, in base64.
    pub checksum_sha256: Option<String>,
    /// Whether its bytes are there. Only those who run the project see files that are not stored yet.
    pub state: FileState,
    /// When it was announced.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// Grows with each change.
    pub version: i32,
}

/// A file of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventFile {
    /// Its id.
    pub id: FileId,
    /// The event.
    pub event_id: EventId,
    /// Its name, as whoever uploads it calls it.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    #[schema(minimum = 1)]
    pub size_bytes: i64,
    /// SHA-256 of its content, in base64.
    pub checksum_sha256: Option<String>,
    /// Whether its bytes are there. Only those who run the event see files that are not stored yet.
    pub state: FileState,
    /// When it was announced.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// Grows with each change.
    pub version: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_begin_with_what_they_are_for_and_hold_nothing_else() {
        for kind in UploadKind::ALL {
            let key = kind.key(Uuid::nil());
            assert_eq!(key, format!("{}{}", kind.prefix(), Uuid::nil()));
            let others = UploadKind::ALL
                .iter()
                .filter(|other| key.starts_with(other.prefix()));
            assert_eq!(others.count(), 1);
        }
    }
}
