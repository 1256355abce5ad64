//! Words of rows.

use std::str::FromStr;

use portal_domain::staff::PermissionName;

use crate::DataError;

/// A word of a row that is of a fixed set or form.
pub(super) fn word<T: FromStr<Err: ToString>>(table: &'static str, text: &str) -> Result<T, DataError> {
    text.parse().map_err(|error: T::Err| DataError::Corrupt {
        table,
        reason: error.to_string(),
    })
}

/// Names of a row.
pub(super) fn words<T, C>(table: &'static str, texts: &[String]) -> Result<C, DataError>
where
    T: FromStr<Err: ToString>,
    C: FromIterator<T>,
{
    texts.iter().map(|text| word(table, text)).collect()
}

/// Names of permissions as statements take them.
pub(super) fn names<'a>(permissions: impl IntoIterator<Item = &'a PermissionName>) -> Vec<String> {
    permissions.into_iter().map(ToString::to_string).collect()
}

/// The values of a filter, or NULL when there are none.
pub(super) fn filter<T: ToString>(values: &[T]) -> Option<Vec<String>> {
    (!values.is_empty()).then(|| values.iter().map(ToString::to_string).collect())
}
