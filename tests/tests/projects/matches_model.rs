//! The score of a match, computed once more from what the portal says of it, and in another way than the database does.

use portal_domain::geo::LatLng;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What is known of the member.
pub(crate) struct Seeker {
    pub(crate) place: Option<LatLng>,
    pub(crate) skills: Vec<(String, &'static str)>,
    /// The classes of a licence in good standing, its age in years, and whether it has a bond.
    pub(crate) licence: Option<(Vec<&'static str>, i64, bool)>,
    /// What was bid before.
    pub(crate) bids: Vec<i64>,
}

/// The parts of a score, of which the sum is the score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Parts {
    pub(crate) skills: f64,
    pub(crate) class: f64,
    pub(crate) distance: f64,
    pub(crate) budget: f64,
    pub(crate) capacity: f64,
    pub(crate) time: f64,
}

impl Parts {
    pub(crate) fn list(&self) -> [(&'static str, f64); 6] {
        [
            ("skills", self.skills),
            ("class", self.class),
            ("distance", self.distance),
            ("budget", self.budget),
            ("capacity", self.capacity),
            ("time", self.time),
        ]
    }

    pub(crate) fn sum(&self) -> f64 {
        self.list().iter().map(|(_, part)| part).sum()
    }
}

fn texts<'a>(project: &'a Value, name: &str) -> Vec<&'a str> {
    project[name]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap())
        .collect()
}

#[allow(clippy::cast_precision_loss)]
fn number(count: usize) -> f64 {
    count as f64
}

#[allow(clippy::cast_precision_loss)]
fn amount(cents: i64) -> f64 {
    cents as f64
}

impl Seeker {
    /// How well a project suits, at this time.
    pub(crate) fn parts(&self, project: &Value, now: OffsetDateTime) -> Parts {
        Parts {
            skills: self.skills(project),
            class: self.class(project),
            distance: self.distance(project),
            budget: self.budget(project),
            capacity: self.capacity(project),
            time: time(project, now),
        }
    }

    fn skills(&self, project: &Value) -> f64 {
        let asked = texts(project, "skillsRequired");
        if asked.is_empty() {
            return 17.5;
        }
        let weight = |skill: &&str| {
            let has = self.skills.iter().find(|(name, _)| name == skill);
            match has.map(|(_, level)| *level) {
                Some("EXPERT") => 1.0,
                Some("ADVANCED") => 0.85,
                Some("INTERMEDIATE") => 0.6,
                Some(_) => 0.4,
                None => 0.0,
            }
        };
        35.0 * asked.iter().map(weight).sum::<f64>() / number(asked.len())
    }

    fn class(&self, project: &Value) -> f64 {
        let asked = texts(project, "licenseClasses");
        let classes = self.licence.iter().flat_map(|(classes, ..)| classes);
        match (
            asked.is_empty(),
            classes.into_iter().any(|class| asked.contains(class)),
        ) {
            (true, _) => 12.5,
            (false, true) => 25.0,
            (false, false) => 0.0,
        }
    }

    fn distance(&self, project: &Value) -> f64 {
        let place = &project["coordinates"];
        let place = place["lat"].as_f64().zip(place["lng"].as_f64());
        let there = place.map(|(lat, lng)| LatLng::new(lat, lng).unwrap());
        match self.place.zip(there) {
            None => 10.0,
            Some((here, there)) => 20.0 * (1.0 - here.distance_to(there).miles() / 100.0).max(0.0),
        }
    }

    fn budget(&self, project: &Value) -> f64 {
        let (least, most) = (
            project["budgetMinCents"].as_i64(),
            project["budgetMaxCents"].as_i64(),
        );
        let middle = match (least, most) {
            (None, None) => return 5.0,
            (Some(least), Some(most)) => f64::midpoint(amount(least), amount(most)),
            (one, other) => amount(one.or(other).unwrap()),
        };
        let mut bids: Vec<_> = self.bids.iter().copied().filter(|bid| *bid > 0).collect();
        bids.sort_unstable();
        let usual = match bids.len() {
            0 => return 5.0,
            odd if odd % 2 == 1 => amount(bids[odd / 2]),
            even => f64::midpoint(amount(bids[even / 2 - 1]), amount(bids[even / 2])),
        };
        if middle == 0.0 {
            return 5.0;
        }
        10.0 * (1.0 - (middle / usual).log10().abs()).max(0.0)
    }

    fn capacity(&self, project: &Value) -> f64 {
        let years = project["experienceYears"].as_i64().unwrap_or(0);
        let bond = project["bondingRequired"] == true;
        let Some((_, age, bonded)) = &self.licence else {
            return 2.5;
        };
        let asked = [(years > 0, *age >= years), (bond, *bonded)];
        let asked: Vec<_> = asked.into_iter().filter(|(asked, _)| *asked).collect();
        if asked.is_empty() {
            return 2.5;
        }
        5.0 * number(asked.iter().filter(|(_, met)| *met).count()) / number(asked.len())
    }
}

fn time(project: &Value, now: OffsetDateTime) -> f64 {
    let Some(deadline) = project["deadlineDate"].as_str() else {
        return 2.5;
    };
    let left = OffsetDateTime::parse(deadline, &Rfc3339).unwrap() - now;
    5.0 * (left.as_seconds_f64() / (14.0 * 86_400.0)).clamp(0.0, 1.0)
}
