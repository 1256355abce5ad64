//! Of what and of when a series is.

use portal_domain::listing::Moment;
use portal_domain::operations::Window;
use portal_http::Problem;
use portal_http::problem::Fault;
use portal_http::query::{FilterText, FromQuery, QueryReader};
use time::OffsetDateTime;
use utoipa::IntoParams;

/// The time of a series, and which of several things.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SeriesParameters {
    /// Of this subject alone; of the twenty with the highest values without it.
    #[param(value_type = Option<FilterText>, nullable = false)]
    pub(crate) subject: Option<String>,
    /// From this moment on; a day before `to` without it.
    #[param(nullable = false)]
    from: Option<Moment>,
    /// Before this moment; now without it.
    #[param(nullable = false)]
    to: Option<Moment>,
    /// How long each step is, in seconds; without it as long as makes 300 points at most.
    #[param(nullable = false, minimum = 60, maximum = 86400)]
    step: Option<u32>,
}

impl FromQuery for SeriesParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            subject: query.text("subject", 100),
            from: query.one("from"),
            to: query.one("to"),
            step: query.whole("step", 60, 86_400),
        })
    }
}

impl SeriesParameters {
    /// The time that is meant.
    ///
    /// # Errors
    /// A 422 problem where that is none, or too long for its steps.
    pub(crate) fn window(&self, now: OffsetDateTime) -> Result<Window, Problem> {
        Window::of((self.from, self.to), self.step, now)
            .map_err(|error| Problem::invalid(vec![Fault::query("from", error.to_string())]))
    }
}
