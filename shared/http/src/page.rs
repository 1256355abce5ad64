//! Pages of a list: `limit`, `cursor` and `count`, and what a cursor is bound to.

mod list;

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use portal_data::Counting;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::cursor::CursorKeys;
use crate::problem::Problem;
use crate::query::{FromQuery, QueryReader, names};
use crate::routes::Route;

pub use list::{List, Page, calendar_media, list_media, table_media};

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
    #[param(value_type = u32, minimum = 1, maximum = 100, default = 20, required = false)]
    limit: Option<u32>,
    /// `nextCursor` of the page before, for the same filters and order.
    #[param(nullable = false, min_length = 1, max_length = 1024)]
    cursor: Option<String>,
    /// Asks for `total`, the number of items on all pages.
    #[param(nullable = false, inline)]
    count: Option<Count>,
}

impl FromQuery for PageParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            limit: query.whole("limit", 1, MOST),
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

impl<F: FromQuery> ListQuery<F> {
    /// The names of all parameters, sorted; for tests that compare them with the document.
    #[must_use]
    pub fn names() -> Vec<String> {
        let mut names = [names::<F>(), names::<PageParameters>()].concat();
        names.sort();
        names
    }
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
    /// The cursor that was sent, as it was.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.parameters.cursor.as_deref()
    }

    /// How many rows to read: one more than the page holds, which tells whether there is another page.
    #[must_use]
    pub fn rows(&self) -> i64 {
        i64::from(self.items()) + 1
    }

    /// How many items the client asked for, if it said so.
    #[must_use]
    pub fn limit(&self) -> Option<i64> {
        self.parameters.limit.map(i64::from)
    }

    /// Where the page after a position is, relative to the service.
    ///
    /// # Errors
    /// A 500 problem when the cursor cannot be written.
    pub fn address_after<P: Serialize>(&self, keys: &CursorKeys, position: &P) -> Result<String, Problem> {
        let cursor = keys.sign(&self.binding(), position)?;
        Ok(self.address(Some(&cursor), self.parameters.limit))
    }

    fn items(&self) -> u32 {
        self.parameters.limit.unwrap_or(DEFAULT_LIMIT)
    }

    /// Whether and how all items are to be counted.
    #[must_use]
    pub fn counting(&self) -> Option<Counting> {
        self.parameters.count.map(|count| match count {
            Count::Exact => Counting::Exact,
            Count::Estimated => Counting::Estimated,
        })
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
        rows: Vec<R>,
        position: impl Fn(&R) -> P,
    ) -> Result<Page<R>, Problem> {
        self.page_cut(keys, rows, false, position)
    }

    /// The same from rows of which some would not fit into an answer and were left out: then there is another page, however few there are.
    ///
    /// # Errors
    /// A 500 problem when the cursor cannot be written.
    pub fn page_cut<R, P: Serialize>(
        &self,
        keys: &CursorKeys,
        mut rows: Vec<R>,
        is_cut: bool,
        position: impl Fn(&R) -> P,
    ) -> Result<Page<R>, Problem> {
        let limit = usize::try_from(self.items()).unwrap_or(usize::MAX);
        let more = is_cut || rows.len() > limit;
        rows.truncate(limit);
        let last = if more { rows.last() } else { None };
        let next_cursor = last
            .map(|row| keys.sign(&self.binding(), &position(row)))
            .transpose()?;
        let items = Some(self.items());
        let next = next_cursor
            .as_deref()
            .map(|cursor| self.address(Some(cursor), items));
        Ok(Page {
            items: rows,
            next_cursor,
            address: self.address(self.cursor(), items),
            next,
            total: None,
        })
    }

    /// What a cursor is bound to: the operation with its filters and order.
    fn binding(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        format!("{}?{}", self.operation, query.extend_pairs(&self.pairs).finish())
    }

    /// Where the page after a cursor is, or the first one, relative to the service.
    fn address(&self, cursor: Option<&str>, limit: Option<u32>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.pairs);
        if let Some(limit) = limit {
            query.append_pair("limit", &limit.to_string());
        }
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        format!("{}?{}", self.path, query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(pairs: &[(&str, &str)]) -> PageRequest {
        PageRequest {
            parameters: PageParameters {
                limit: Some(2),
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
        serde_json::from_str(secret).unwrap()
    }

    #[test]
    fn one_row_too_many_makes_a_next_page_after_the_last_that_fits() {
        let request = request(&[("q", "a & b")]);
        let page = request.page(&keys(), vec![10, 20, 30], |row| *row).unwrap();
        assert_eq!(page.items, [10, 20]);
        assert_eq!(page.address, "/v1/things?q=a+%26+b&limit=2");
        let cursor = page.next_cursor.unwrap();
        assert_eq!(
            page.next.unwrap(),
            format!("/v1/things?q=a+%26+b&limit=2&cursor={cursor}")
        );
        let mut next = request;
        (next.parameters.limit, next.parameters.cursor) = (Some(9), Some(cursor));
        assert_eq!(next.position::<i32>(&keys()).unwrap(), Some(20));
        let page = next.page(&keys(), vec![30], |row| *row).unwrap();
        assert_eq!((page.next_cursor, page.next), (None, None));
        let cut = next.page_cut(&keys(), vec![30], true, |row| *row).unwrap();
        assert_eq!(cut.items, [30]);
        assert!(cut.next_cursor.is_some(), "what was left out is on the next page");
    }
}
