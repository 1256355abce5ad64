//! A page of a list on its way out, as JSON or GeoJSON.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, LINK, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use portal_domain::listing::Moment;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::geojson::{FeatureCollection, Located, PageFacts};
use crate::negotiate::{MediaType, negotiate};
use crate::problem::Problem;

/// One page of a list.
#[derive(Debug)]
pub struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next_cursor: Option<String>,
    /// Where this page is, relative to the service.
    pub(super) address: String,
    /// Where the next page is, relative to the service.
    pub(super) next: Option<String>,
    pub(super) total: Option<i64>,
}

/// One page of a list, as JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct List<T> {
    /// The items of this page.
    items: Vec<T>,
    /// What to send as `cursor` for the next page; null on the last.
    #[schema(required)]
    next_cursor: Option<String>,
    /// How many items there are on all pages; only when `count` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, nullable = false)]
    total: Option<i64>,
}

/// A list with more members beside its own.
#[derive(Serialize)]
struct Beside<L, E> {
    #[serde(flatten)]
    list: L,
    #[serde(flatten)]
    beside: E,
}

#[derive(Serialize)]
struct NothingBeside {}

impl<T> Page<T> {
    /// The page with every item turned into what is shown.
    #[must_use]
    pub fn map<U>(self, show: impl FnMut(T) -> U) -> Page<U> {
        let items = self.items.into_iter().map(show).collect();
        Page {
            items,
            next_cursor: self.next_cursor,
            address: self.address,
            next: self.next,
            total: self.total,
        }
    }

    /// The header that leads to the next page.
    fn link(&self) -> Option<HeaderValue> {
        let next = self.next.as_ref()?;
        HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok()
    }

    /// The page in a form of its own, which `write` makes of the items; `Link` leads on.
    #[must_use]
    pub fn respond_written(self, media: MediaType, write: impl FnOnce(Vec<T>) -> String) -> Response {
        let link = self.link();
        let mut response = write(self.items).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
        headers.append(VARY, HeaderValue::from_static("accept"));
        if let Some(link) = link {
            headers.insert(LINK, link);
        }
        response
    }

    /// The page with the number of items on all pages.
    #[must_use]
    pub fn with_total(self, total: Option<i64>) -> Self {
        Self { total, ..self }
    }
}

impl<T: Serialize> Page<T> {
    /// The page as JSON, for lists of what has no place on the earth.
    #[must_use]
    pub fn respond_json(self) -> Response {
        self.respond_json_beside(NothingBeside {})
    }

    /// The same with more members beside the items, those of an object.
    #[must_use]
    pub fn respond_json_beside<E: Serialize>(self, beside: E) -> Response {
        let link = self.link();
        let list = List {
            items: self.items,
            next_cursor: self.next_cursor,
            total: self.total,
        };
        let mut response = Json(Beside { list, beside }).into_response();
        if let Some(link) = link {
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}

impl<T: Serialize + Located> Page<T> {
    /// The page as JSON or GeoJSON, whichever [`list_media`] chose.
    #[must_use]
    pub fn respond(self, media: MediaType) -> Response {
        self.respond_beside(media, NothingBeside {})
    }

    /// The same with more members beside the items, those of an object.
    #[must_use]
    pub fn respond_beside<E: Serialize>(self, media: MediaType, beside: E) -> Response {
        let link = self.link();
        let mut response = match media {
            MediaType::GeoJson => {
                let facts = PageFacts {
                    address: self.address,
                    next: self.next,
                    total: self.total,
                    now: Moment(OffsetDateTime::now_utc()),
                };
                Json(Beside {
                    list: FeatureCollection::of(self.items, facts),
                    beside,
                })
                .into_response()
            }
            _ => {
                let list = List {
                    items: self.items,
                    next_cursor: self.next_cursor,
                    total: self.total,
                };
                Json(Beside { list, beside }).into_response()
            }
        };
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
        response
            .headers_mut()
            .append(VARY, HeaderValue::from_static("accept"));
        if let Some(link) = link {
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}

/// Chooses among JSON, GeoJSON and CSV, for lists that people take into a spreadsheet.
///
/// # Errors
/// A 406 problem when the client wants none of them.
pub fn table_media(headers: &HeaderMap) -> Result<MediaType, Problem> {
    negotiate(headers, &[MediaType::Json, MediaType::GeoJson, MediaType::Csv])
}

/// Chooses among JSON, GeoJSON and iCalendar, for lists of what takes place somewhere at some time.
///
/// # Errors
/// A 406 problem when the client wants none of them.
pub fn calendar_media(headers: &HeaderMap) -> Result<MediaType, Problem> {
    negotiate(
        headers,
        &[MediaType::Json, MediaType::GeoJson, MediaType::Calendar],
    )
}

/// Chooses between JSON and GeoJSON.
///
/// # Errors
/// A 406 problem when the client wants neither.
pub fn list_media(headers: &HeaderMap) -> Result<MediaType, Problem> {
    negotiate(headers, &[MediaType::Json, MediaType::GeoJson])
}
