//! The filters and the order of the list of members.

use portal_data::members::MemberFilters;
use portal_domain::member::{MemberFacet, MemberOrder, MemberType, SkillLevel};
use portal_http::area::AreaParameters;
use portal_http::query::{FilterText, FromQuery, QueryReader};
use utoipa::IntoParams;

/// What members to show. A name that is repeated means any of its values; different names narrow each other.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct MemberParameters {
    #[param(ignore)]
    area: AreaParameters,
    /// Words of the name, the firm, the title, the skills or the bio; `"…"`, `or` and `-` work as in a search engine.
    #[param(
        nullable = false,
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    q: Option<String>,
    /// Cities, in any case, of members who show their address.
    #[param(value_type = Vec<FilterText>, required = false)]
    city: Vec<String>,
    /// States, such as `CA`, in any case, of members who show their address.
    #[param(value_type = Vec<FilterText>, required = false)]
    state: Vec<String>,
    /// Skills, in any case; `GET /v1/skills` lists them.
    #[param(value_type = Vec<FilterText>, required = false)]
    skills: Vec<String>,
    /// How well the member masters one of the skills, at least; only with `skills`.
    #[param(nullable = false)]
    skill_level: Option<SkillLevel>,
    /// Kinds of accounts.
    #[param(required = false)]
    member_type: Vec<MemberType>,
    /// Languages by their English names, in any case.
    #[param(value_type = Vec<FilterText>, required = false)]
    language: Vec<String>,
    /// By `name`, `newest` first, or by `distance` (only with `near`); by distance where `near` is given, else by name.
    #[param(nullable = false)]
    sort: Option<MemberOrder>,
    /// Facets to count, with commas between: `city`, `skills`, `memberType`. Of a list of more than 10000 members those are counted.
    #[param(nullable = false, value_type = Option<String>, pattern = "^(city|skills|memberType)(,(city|skills|memberType))*$", example = "city,skills")]
    facets: Option<Facets>,
}

/// Facets with commas between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facets(Vec<MemberFacet>);

impl std::str::FromStr for Facets {
    type Err = portal_domain::words::UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut facets = Vec::new();
        for word in text.split(',') {
            let facet = word.parse()?;
            if !facets.contains(&facet) {
                facets.push(facet);
            }
        }
        Ok(Self(facets))
    }
}

impl FromQuery for MemberParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let area = AreaParameters::read(query);
        let parameters = Self {
            q: query.text("q", 200),
            city: query.texts("city", 100),
            state: query.texts("state", 100),
            skills: query.texts("skills", 100),
            skill_level: query.one("skillLevel"),
            member_type: query.many("memberType"),
            language: query.texts("language", 100),
            sort: query.one("sort"),
            facets: query.one("facets"),
            area: area?,
        };
        if parameters.skill_level.is_some() && !query.has("skills") {
            query.fault("skillLevel", "takes skills, of which it is the level");
        }
        if parameters.sort == Some(MemberOrder::Distance) && !query.has("near") {
            query.fault("sort", "by distance takes near, the place to measure from");
        }
        Some(parameters)
    }
}

impl MemberParameters {
    /// The order, the facets and the filters.
    pub(crate) fn parts(self) -> (MemberOrder, Vec<MemberFacet>, MemberFilters) {
        let area = self.area.circle();
        let usual = if area.is_some() {
            MemberOrder::Distance
        } else {
            MemberOrder::Name
        };
        let filters = MemberFilters {
            search: self.q,
            cities: self.city,
            states: self.state,
            skills: self.skills,
            least_level: self.skill_level,
            member_types: self.member_type,
            languages: self.language,
            area,
        };
        let facets = self.facets.map(|Facets(facets)| facets).unwrap_or_default();
        (self.sort.unwrap_or(usual), facets, filters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<MemberParameters, Vec<String>> {
        let mut query = QueryReader::parse(text).unwrap();
        let parameters = MemberParameters::read(&mut query);
        let faults = |problem: portal_http::Problem| {
            problem
                .faults()
                .iter()
                .map(|fault| fault.pointer.clone())
                .collect()
        };
        query.finish().map_err(faults).map(|()| parameters.unwrap())
    }

    #[test]
    fn a_list_near_a_place_is_by_distance_unless_it_is_asked_otherwise() {
        assert_eq!(read("").unwrap().parts().0, MemberOrder::Name);
        assert_eq!(read("near=37,-122").unwrap().parts().0, MemberOrder::Distance);
        assert_eq!(
            read("near=37,-122&sort=newest").unwrap().parts().0,
            MemberOrder::Newest
        );
    }

    #[test]
    fn what_hangs_in_the_air_is_refused() {
        let faults = read("skillLevel=EXPERT&sort=distance&radiusMiles=3&facets=city,zip").unwrap_err();
        assert_eq!(
            faults,
            [
                "/query/radiusMiles",
                "/query/facets",
                "/query/skillLevel",
                "/query/sort"
            ]
        );
    }

    #[test]
    fn facets_are_told_once() {
        let (_, facets, _) = read("facets=skills,city,skills").unwrap().parts();
        assert_eq!(facets, [MemberFacet::Skills, MemberFacet::City]);
    }
}
