//! Who came to an event, in figures.

use serde::Serialize;
use utoipa::ToSchema;

use super::PriceKind;
use crate::listing::Day;
use crate::money::Cents;

/// The figures of an event.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventFigures {
    /// How many seats there are; null where they are not counted.
    #[schema(required, minimum = 1)]
    pub max_capacity: Option<i32>,
    /// Members who have or had a seat until the event: registered, attended and no-shows.
    #[schema(minimum = 0)]
    pub registered: i64,
    /// Of these, those whose seat waits for its payment.
    #[schema(minimum = 0)]
    pub held: i64,
    /// Members who wait, those with an offer among them.
    #[schema(minimum = 0)]
    pub waitlisted: i64,
    /// Of these, those to whom a seat is offered.
    #[schema(minimum = 0)]
    pub offered: i64,
    /// Members who were there.
    #[schema(minimum = 0)]
    pub attended: i64,
    /// Members who had a seat and did not come.
    #[schema(minimum = 0)]
    pub no_shows: i64,
    /// Registrations that were given back or ran out.
    #[schema(minimum = 0)]
    pub cancelled: i64,
    /// What was paid for the seats that were kept.
    pub paid_cents: Cents,
    /// The same by what the seats cost.
    pub by_price: Vec<PriceFigures>,
    /// By the day, in the event's zone, on which members asked for a seat.
    pub by_day: Vec<DayFigures>,
}

/// The figures of the seats at one price.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PriceFigures {
    /// Which price it is.
    pub price_kind: PriceKind,
    /// What a seat costs.
    pub amount_cents: Cents,
    /// Members who have or had a seat until the event.
    #[schema(minimum = 0)]
    pub registered: i64,
    /// Members who were there.
    #[schema(minimum = 0)]
    pub attended: i64,
    /// Members who did not come.
    #[schema(minimum = 0)]
    pub no_shows: i64,
    /// What was paid for them.
    pub paid_cents: Cents,
}

/// The figures of one day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DayFigures {
    /// The day.
    pub day: Day,
    /// Members who asked for a seat on it and have or had one until the event.
    #[schema(minimum = 0)]
    pub registered: i64,
    /// Members who asked for a seat on it and wait.
    #[schema(minimum = 0)]
    pub waitlisted: i64,
    /// Members who asked for a seat on it and gave it back or lost it.
    #[schema(minimum = 0)]
    pub cancelled: i64,
}
