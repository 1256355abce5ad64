//! How far staff have come with firms that are not members yet.

use portal_domain::listing::{Day, Moment};
use portal_domain::report::{
    ClassStandings, CountyStandings, OutreachPeriod, OutreachReport, Periods, Standings,
};
use time::OffsetDateTime;

use super::{place, plan};
use crate::{DataError, Tx};

/// Which firms a report is of. What is empty filters nothing.
#[derive(Clone, Debug, Default)]
pub struct Firms {
    /// With one of these classes.
    pub classes: Vec<String>,
    /// In one of these counties, in any case.
    pub counties: Vec<String>,
}

/// The firms of a period, a county, a class, or all.
struct Counted {
    about: String,
    n: Option<i32>,
    name: Option<String>,
    licences: i64,
    members: i64,
    new: i64,
    contacted: i64,
    interested: i64,
    not_interested: i64,
    joined: i64,
    do_not_contact: i64,
}

impl Counted {
    const fn standings(&self) -> Standings {
        Standings {
            licences: self.licences,
            members: self.members,
            not_members: self.licences - self.members,
            new: self.new,
            contacted: self.contacted,
            interested: self.interested,
            not_interested: self.not_interested,
            joined: self.joined,
            do_not_contact: self.do_not_contact,
        }
    }
}

/// The outreach by period, county and class.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn outreach(
    tx: &mut Tx,
    periods: &Periods,
    firms: &Firms,
    now: OffsetDateTime,
) -> Result<OutreachReport, DataError> {
    plan(tx).await?;
    let counties: Vec<_> = firms
        .counties
        .iter()
        .map(|county| county.to_lowercase())
        .collect();
    let filter = |values: &[String]| (!values.is_empty()).then(|| values.to_vec());
    let (classes, counties) = (filter(&firms.classes), filter(&counties));
    let counted = sqlx::query_file_as!(
        Counted,
        "src/reports/outreach.sql",
        &periods.bounds(),
        classes.as_deref(),
        counties.as_deref(),
    );
    let counted = counted.fetch_all(&mut *tx).await?;
    let about = |what: &'static str| counted.iter().filter(move |row| row.about == what);
    let of_period = |index: usize| {
        let row = about("PERIOD").find(|row| row.n.and_then(place) == Some(index));
        row.map(Counted::standings).unwrap_or_default()
    };
    let spans = periods.spans().iter().enumerate();
    let spans = spans.map(|(index, span)| {
        let standings = of_period(index);
        OutreachPeriod {
            from: Day(span.first),
            to: Day(span.last),
            changed: standings.licences,
            contacted: standings.contacted,
            interested: standings.interested,
            not_interested: standings.not_interested,
            joined: standings.joined,
            do_not_contact: standings.do_not_contact,
        }
    });
    let by_class = about("CLASS").map(|row| ClassStandings {
        class: row.name.clone().unwrap_or_default(),
        standings: row.standings(),
    });
    let by_county = about("COUNTY").map(|row| CountyStandings {
        county: row.name.clone(),
        standings: row.standings(),
    });
    Ok(OutreachReport {
        frame: periods.frame(Moment(now)),
        periods: spans.collect(),
        by_county: by_county.collect(),
        by_class: by_class.collect(),
        totals: about("ALL").next().map(Counted::standings).unwrap_or_default(),
    })
}
