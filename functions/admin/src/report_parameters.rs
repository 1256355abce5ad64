//! Of when a report is, and how it is cut.

use portal_domain::listing::Day;
use portal_domain::report::{Period, Periods, twelve_months_until};
use portal_domain::zone::ZoneName;
use portal_http::Problem;
use portal_http::problem::Fault;
use portal_http::query::{FromQuery, QueryReader};
use time::OffsetDateTime;
use utoipa::IntoParams;

/// The days of a report, by the clocks of the association, and how they are cut.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportParameters {
    /// The first day; without it, that of the twelve months that end with the month of `to`.
    #[param(nullable = false)]
    from: Option<Day>,
    /// The last day, which belongs to it; today without it.
    #[param(nullable = false)]
    to: Option<Day>,
    /// How it is cut; by months without it. There are at most 400 periods.
    #[param(nullable = false, inline)]
    period: Option<Period>,
}

impl FromQuery for ReportParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            from: query.one("from"),
            to: query.one("to"),
            period: query.one("period"),
        })
    }
}

impl ReportParameters {
    /// The periods.
    ///
    /// # Errors
    /// A 422 problem where there are none, or too many.
    pub(crate) fn periods(&self, now: OffsetDateTime) -> Result<Periods, Problem> {
        let today = || ZoneName::default().on_its_clocks(now).date();
        let last = self.to.map_or_else(today, |to| to.0);
        let first = self.from.map_or_else(|| twelve_months_until(last), |from| from.0);
        Periods::between(self.period.unwrap_or(Period::Month), first, last)
            .map_err(|error| Problem::invalid(vec![Fault::query("from", error.to_string())]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    fn periods(query: &str) -> Result<Periods, Problem> {
        let mut reader = QueryReader::parse(query)?;
        let parameters = ReportParameters::read(&mut reader);
        reader.finish()?;
        // Late on the last day of July, where the association is.
        parameters.unwrap().periods(datetime!(2026-08-01 06:30 UTC))
    }

    #[test]
    fn without_a_word_it_is_of_twelve_months_by_the_clocks_of_the_association() {
        let periods = periods("").unwrap();
        assert_eq!(periods.spans().len(), 12);
        assert_eq!(periods.spans()[0].first, date!(2025 - 08 - 01));
        assert_eq!(periods.spans()[11].last, date!(2026 - 07 - 31));
    }

    #[test]
    fn what_cannot_be_cut_is_refused() {
        for query in [
            "from=2026-02-01&to=2026-01-31",
            "period=day&from=2020-01-01",
            "from=2026-02-30",
            "period=decade",
        ] {
            let problem = periods(query).unwrap_err();
            assert_eq!(problem.kind(), portal_http::ProblemKind::InvalidValues, "{query}");
        }
    }
}
