//! One list of contractors as it was asked for: a page of it, or a table of as much as fits.

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Response;
use portal_data::contractors::{self, ContractorFilters, DistancePosition, NamePosition, NearbyContractor};
use portal_data::{DataError, Tx, permissions, read};
use portal_http::csv::CsvTable;
use portal_http::cursor::CursorKeys;
use portal_http::negotiate::MediaType;
use portal_http::page::PageRequest;
use portal_http::{Call, Portal, Problem};
use serde::{Deserialize, Serialize};

use crate::contractor_item::ContractorItem;
use crate::outreach::OUTREACH;

/// What is read, and where from.
pub(crate) struct ContractorList {
    pub(crate) portal: Portal,
    pub(crate) call: Call,
    pub(crate) page: PageRequest,
    pub(crate) keys: Arc<CursorKeys>,
    pub(crate) filters: ContractorFilters,
    /// Whether it is the list of firms to win, which only staff may see.
    pub(crate) staff_only: bool,
}

/// Where a list goes on: by distance where it has a circle, else by name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Position {
    Distance(DistancePosition),
    Name(NamePosition),
}

impl ContractorList {
    /// A page, as JSON or GeoJSON.
    ///
    /// # Errors
    /// 400 for a cursor of another list, 403 for a caller who may not see it, and those of the queries.
    pub(crate) async fn page(&self, media: MediaType) -> Result<Response, Problem> {
        let after: Option<Position> = self.page.position(&self.keys)?;
        let read = read!(self.portal.database(), &self.call.context, |tx| {
            self.admit(tx).await?;
            let rows = self.rows(tx, after.as_ref(), self.page.rows()).await?;
            Ok((
                rows,
                contractors::total(tx, &self.filters, self.page.counting()).await?,
            ))
        });
        let (rows, total) = read?;
        let page = self
            .page
            .page(&self.keys, rows, |(_, position)| position.clone())?;
        Ok(page.with_total(total).map(|(item, _)| item).respond(media))
    }

    /// As many rows as fit, as CSV.
    ///
    /// # Errors
    /// The same.
    pub(crate) async fn table(&self) -> Result<Response, Problem> {
        let first: Option<Position> = self.page.position(&self.keys)?;
        let table = read!(self.portal.database(), &self.call.context, |tx| {
            self.admit(tx).await?;
            self.fill(tx, first.as_ref()).await
        });
        table?.respond(&self.page, &self.keys, "contractors")
    }

    /// Reads on until the list or the room in the table ends. Each read is one page of the keyset, so memory stays bounded.
    async fn fill(&self, tx: &mut Tx, first: Option<&Position>) -> Result<CsvTable<Position>, DataError> {
        let mut table = CsvTable::begin::<ContractorItem>(&self.page);
        loop {
            let wanted = table.wanted();
            let after = table.last().or(first).cloned();
            let rows = self.rows(tx, after.as_ref(), wanted).await?;
            let is_end = i64::try_from(rows.len()).is_ok_and(|count| count < wanted);
            for (item, position) in rows {
                if !table.add(&item, position) {
                    return Ok(table);
                }
            }
            if is_end {
                return Ok(table);
            }
        }
    }

    async fn rows(
        &self,
        tx: &mut Tx,
        after: Option<&Position>,
        limit: i64,
    ) -> Result<Vec<(ContractorItem, Position)>, DataError> {
        let rows: Vec<_> = match (self.filters.area, after) {
            (Some(circle), after) => {
                let after = after.and_then(|after| match after {
                    Position::Distance(after) => Some(after),
                    Position::Name(_) => None,
                });
                let rows = contractors::list_near(tx, &self.filters, circle, after, limit).await?;
                let near = |row: NearbyContractor| {
                    let position = Position::Distance(row.position());
                    (ContractorItem::new(row.contractor, Some(row.distance)), position)
                };
                rows.into_iter().map(near).collect()
            }
            (None, after) => {
                let after = after.and_then(|after| match after {
                    Position::Name(after) => Some(after),
                    Position::Distance(_) => None,
                });
                let rows = contractors::list(tx, &self.filters, after, limit).await?;
                let named = rows.into_iter().map(|contractor| {
                    let position = Position::Name(NamePosition::after(&contractor));
                    (ContractorItem::new(contractor, None), position)
                });
                named.collect()
            }
        };
        if self.staff_only {
            with_outreach(tx, rows).await
        } else {
            Ok(rows)
        }
    }

    /// Refuses what only staff may ask.
    async fn admit(&self, tx: &mut Tx) -> Result<(), DataError> {
        if self.staff_only {
            permissions::require(tx, OUTREACH).await
        } else {
            Ok(())
        }
    }
}

/// The rows with how far staff have come with each.
async fn with_outreach(
    tx: &mut Tx,
    rows: Vec<(ContractorItem, Position)>,
) -> Result<Vec<(ContractorItem, Position)>, DataError> {
    let numbers: Vec<_> = rows
        .iter()
        .map(|(item, _)| item.contractor.license_number.to_string())
        .collect();
    let outreach = contractors::list_outreach(tx, &numbers).await?;
    let known: HashMap<_, _> = outreach
        .iter()
        .map(|outreach| (&outreach.license_number, outreach))
        .collect();
    let staffed = rows.into_iter().map(|(item, position)| {
        let outreach = known.get(&item.contractor.license_number).copied();
        (item.with_outreach(outreach), position)
    });
    Ok(staffed.collect())
}
