//! Words of rows.

use std::fmt::Display;
use std::str::FromStr;

use portal_domain::staff::PermissionName;

use crate::DataError;
use crate::columns::Table;

/// Names of a row.
pub(super) fn words<T, C>(table: Table, texts: &[String]) -> Result<C, DataError>
where
    T: FromStr<Err: Display>,
    C: FromIterator<T>,
{
    texts.iter().map(|text| table.word(text)).collect()
}

/// Names of permissions as statements take them.
pub(super) fn names<'a>(permissions: impl IntoIterator<Item = &'a PermissionName>) -> Vec<String> {
    permissions.into_iter().map(ToString::to_string).collect()
}
