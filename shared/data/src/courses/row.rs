//! Rows of `course_listings` and `module_listings`, and what they become.

use portal_domain::listing::{CourseListing, ModuleListing, Moment};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::DataError;
use crate::columns::Table;

/// Where the rows come from, for errors.
pub(crate) const TABLE: Table = Table("courses");

/// The columns of a course that are shown.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) author_id: Uuid,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) category: String,
    pub(super) difficulty: String,
    pub(super) duration_minutes: Option<i32>,
    pub(super) price_cents: i64,
    pub(super) member_price_cents: Option<i64>,
    pub(super) currency: String,
    pub(super) completion_percent: i32,
    pub(super) certificate_valid_months: Option<i32>,
    pub(super) is_published: bool,
    pub(super) published_at: Option<OffsetDateTime>,
    pub(super) created_at: OffsetDateTime,
    pub(super) updated_at: OffsetDateTime,
    pub(super) version: i32,
}

impl TryFrom<Row> for CourseListing {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            id: row.id.into(),
            author_id: row.author_id.into(),
            title: row.title,
            description: row.description,
            category: row.category,
            difficulty: TABLE.word(&row.difficulty)?,
            duration_minutes: row.duration_minutes,
            price_cents: TABLE.amount(row.price_cents)?,
            member_price_cents: row
                .member_price_cents
                .map(|cents| TABLE.amount(cents))
                .transpose()?,
            currency: row.currency,
            completion_percent: row.completion_percent,
            certificate_valid_months: row.certificate_valid_months,
            is_published: row.is_published,
            published_at: row.published_at.map(Moment),
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
            version: row.version,
        })
    }
}

/// The columns of a module that are shown.
pub(super) struct ModuleRow {
    pub(super) id: Uuid,
    pub(super) course_id: Uuid,
    pub(super) position: i32,
    pub(super) title: String,
    pub(super) content: Option<String>,
    pub(super) duration_minutes: Option<i32>,
    pub(super) is_required: bool,
    pub(super) created_at: OffsetDateTime,
    pub(super) updated_at: OffsetDateTime,
    pub(super) version: i32,
}

impl From<ModuleRow> for ModuleListing {
    fn from(row: ModuleRow) -> Self {
        Self {
            id: row.id.into(),
            course_id: row.course_id.into(),
            position: row.position,
            title: row.title,
            content: row.content,
            duration_minutes: row.duration_minutes,
            is_required: row.is_required,
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
            version: row.version,
        }
    }
}
