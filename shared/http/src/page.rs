//! Pages of a list: `limit`, `cursor` and `count`, the `Link` header, and the page as JSON or GeoJSON.

use std::str::FromStr;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::header::{CONTENT_TYPE, LINK, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::cursor::CursorKeys;
use crate::geojson::{FeatureCollection, Located};
use crate::negotiate::{MediaType, negotiate};
use crate::problem::Problem;
use crate::query::{FromQuery, QueryReader};
use crate::routes::Route;

/// The parameters that choose a page, and so are no part of what a cursor is bound to.
const PAGING: [&str; 3] = ["limit", "cursor", "count"];

/// How many items a page has unless the client says otherwise.
const DEFAULT_LIMIT: u32 = 20;

/// How many items a page has at most.
const MOST: u32 = 100;

/// How the items of all pages are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Count {
    /// One by one.
    Exact,
    /// One by one up to a thousand, from the planner's statistics beyond.
    Estimated,
}

impl FromStr for Count {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "exact" => Ok(Self::Exact),
            "estimated" => Ok(Self::Estimated),
            _ => Err("must be exact or estimated"),
        }
    }
}

/// The parameters that every list takes.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParameters {
    /// How many items a page has at most.
    #[param(minimum = 1, maximum = 100, default = 20, required = false)]
    limit: u32,
    /// `nextCursor` of the page before, for the same filters and order.
    #[param(nullable = false, min_length = 1, max_length = 1024)]
    cursor: Option<String>,
    /// Asks for `total`, the number of items on all pages.
    #[param(nullable = false)]
    count: Option<Count>,
}

impl FromQuery for PageParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let limit = query.whole("limit", 1, MOST).unwrap_or(DEFAULT_LIMIT);
        Some(Self {
            limit,
            cursor: query.text("cursor", 1024),
            count: query.one("count"),
        })
    }
}

/// The query parameters of a list: its filters, and the page that is wanted.
#[derive(Debug)]
pub struct ListQuery<F> {
    /// What to show.
    pub filters: F,
    /// Which part of it.
    pub page: PageRequest,
}

/// The page that is wanted.
#[derive(Debug)]
pub struct PageRequest {
    parameters: PageParameters,
    /// The filters and the order as sent, sorted.
    pairs: Vec<(String, String)>,
    path: String,
    operation: &'static str,
}

impl<S: Sync, F: FromQuery> FromRequestParts<S> for ListQuery<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let route = parts.extensions.get::<&'static Route>();
        let operation = route
            .ok_or_else(|| Problem::internal("a list outside the table of routes"))?
            .operation;
        let mut reader = QueryReader::parse(parts.uri.query().unwrap_or_default())?;
        let filters = F::read(&mut reader);
        let parameters = PageParameters::read(&mut reader);
        let pairs = reader.canonical(&PAGING);
        reader.finish()?;
        let path = parts.uri.path().to_owned();
        match (filters, parameters) {
            (Some(filters), Some(parameters)) => Ok(Self {
                filters,
                page: PageRequest {
                    parameters,
                    pairs,
                    path,
                    operation,
                },
            }),
            _ => Err(Problem::internal("a parameter was refused without a reason")),
        }
    }
}

impl PageRequest {
    /// How many items the page has at most.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.parameters.limit
    }

    /// The cursor that was sent, as it was.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.parameters.cursor.as_deref()
    }

    /// Whether and how all items are to be counted.
    #[must_use]
    pub const fn count(&self) -> Option<Count> {
        self.parameters.count
    }

    /// The position after which the page begins; none for the first page.
    ///
    /// # Errors
    /// A 400 problem when the cursor was not given by this list for these filters and this order.
    pub fn position<P: DeserializeOwned>(&self, keys: &CursorKeys) -> Result<Option<P>, Problem> {
        let cursor = self.parameters.cursor.as_deref();
        cursor
            .map(|cursor| keys.verify(&self.binding(), cursor))
            .transpose()
    }

    /// The page from its rows: one more than fits means that there is another page, after `position` of the last.
    ///
    /// # Errors
    /// A 500 problem when the cursor cannot be written.
    pub fn page<R, P: Serialize>(
        &self,
        keys: &CursorKeys,
        mut rows: Vec<R>,
        position: impl Fn(&R) -> P,
    ) -> Result<Page<R>, Problem> {
        let limit = usize::try_from(self.parameters.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = if more { rows.last() } else { None };
        let next_cursor = last
            .map(|row| keys.sign(&self.binding(), &position(row)))
            .transpose()?;
        let next = next_cursor.as_deref().map(|cursor| self.address(cursor));
        Ok(Page {
            items: rows,
            next_cursor,
            next,
            total: None,
        })
    }

    /// What a cursor is bound to: the operation with its filters and order.
    fn binding(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        format!("{}?{}", self.operation, query.extend_pairs(&self.pairs).finish())
    }

    /// Where the page after a cursor is, relative to the service.
    fn address(&self, cursor: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.pairs);
        query.append_pair("limit", &self.parameters.limit.to_string());
        format!("{}?{}", self.path, query.append_pair("cursor", cursor).finish())
    }
}

/// One page of a list.
#[derive(Debug)]
pub struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
    next: Option<String>,
    total: Option<i64>,
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

impl<T> Page<T> {
    /// The page with every item turned into what is shown.
    #[must_use]
    pub fn map<U>(self, show: impl FnMut(T) -> U) -> Page<U> {
        let items = self.items.into_iter().map(show).collect();
        Page {
            items,
            next_cursor: self.next_cursor,
            next: self.next,
            total: self.total,
        }
    }

    /// The page with the number of items on all pages.
    #[must_use]
    pub fn with_total(self, total: Option<i64>) -> Self {
        Self { total, ..self }
    }
}

impl<T: Serialize + Located> Page<T> {
    /// The page as JSON or GeoJSON, whichever [`list_media`] chose.
    #[must_use]
    pub fn respond(self, media: MediaType) -> Response {
        let link = self
            .next
            .as_ref()
            .and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
        let mut response = match media {
            MediaType::GeoJson => {
                Json(FeatureCollection::of(self.items, self.next, self.total)).into_response()
            }
            MediaType::Json | MediaType::Html => Json(List {
                items: self.items,
                next_cursor: self.next_cursor,
                total: self.total,
            })
            .into_response(),
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

/// Chooses between JSON and GeoJSON.
///
/// # Errors
/// A 406 problem when the client wants neither.
pub fn list_media(headers: &HeaderMap) -> Result<MediaType, Problem> {
    negotiate(headers, &[MediaType::Json, MediaType::GeoJson])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(pairs: &[(&str, &str)]) -> PageRequest {
        PageRequest {
            parameters: PageParameters {
                limit: 2,
                cursor: None,
                count: None,
            },
            pairs: pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            path: "/v1/things".to_owned(),
            operation: "list_things",
        }
    }

    fn keys() -> CursorKeys {
        let secret = r#"{"cursorKeys":[{"id":"k1","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}]}"#;
        CursorKeys::from_secret(serde_json::from_str(secret).unwrap()).unwrap()
    }

    #[test]
    fn one_row_too_many_makes_a_next_page_after_the_last_that_fits() {
        let request = request(&[("q", "a & b")]);
        let page = request.page(&keys(), vec![10, 20, 30], |row| *row).unwrap();
        assert_eq!(page.items, [10, 20]);
        let cursor = page.next_cursor.unwrap();
        assert_eq!(
            page.next.unwrap(),
            format!("/v1/things?q=a+%26+b&limit=2&cursor={cursor}")
        );
        let parameters = PageParameters {
            limit: 9,
            cursor: Some(cursor),
            count: None,
        };
        let next = PageRequest {
            parameters,
            ..request
        };
        assert_eq!(next.position::<i32>(&keys()).unwrap(), Some(20));
        let page = next.page(&keys(), vec![30], |row| *row).unwrap();
        assert_eq!((page.next_cursor, page.next), (None, None));
    }

    #[test]
    fn page_parameters_are_read_as_documented() {
        assert_eq!(
            crate::query::undocumented::<PageParameters>(),
            Vec::<String>::new()
        );
    }
}
