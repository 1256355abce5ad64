//! An account as a row of a table.

use portal_domain::listing::{Day, Moment};
use portal_domain::staff::{AccountListing, RoleName};
use portal_http::csv::{Cell, Tabular};
use serde_json::Value;

/// An account.
pub(crate) struct UserRow(pub(crate) AccountListing);

/// A day or a moment as JSON has it.
fn written<T: serde::Serialize>(value: &Option<T>) -> Cell {
    let text = value.as_ref().and_then(|value| serde_json::to_value(value).ok());
    Cell::plain(text.as_ref().and_then(Value::as_str))
}

impl Tabular for UserRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "email",
        "firstName",
        "lastName",
        "company",
        "phone",
        "city",
        "state",
        "status",
        "memberType",
        "roles",
        "contractorLicense",
        "isVerified",
        "hasSecondFactor",
        "memberSince",
        "membershipExpiresAt",
        "approvedAt",
        "lastSignInAt",
        "createdAt",
    ];

    fn cells(&self) -> Vec<Cell> {
        let account = &self.0;
        let roles: Vec<_> = account.roles.iter().map(RoleName::as_str).collect();
        vec![
            Cell::plain(Some(account.id)),
            Cell::text(Some(&account.email)),
            Cell::text(Some(&account.first_name)),
            Cell::text(Some(&account.last_name)),
            Cell::text(account.company.as_ref()),
            Cell::plain(account.phone.as_ref()),
            Cell::text(account.city.as_ref()),
            Cell::text(account.state.as_ref()),
            Cell::plain(Some(account.status)),
            Cell::plain(Some(account.member_type.as_str())),
            Cell::plain(Some(roles.join("; "))),
            Cell::plain(account.contractor_license.as_ref()),
            Cell::plain(Some(account.is_verified)),
            Cell::plain(Some(account.has_second_factor)),
            written::<Day>(&account.member_since),
            written::<Moment>(&account.membership_expires_at),
            written::<Moment>(&account.approved_at),
            written::<Moment>(&account.last_sign_in_at),
            written(&Some(account.created_at)),
        ]
    }
}
