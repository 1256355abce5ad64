//! Which tile is asked for, and what it is to show.

use std::str::FromStr;

use portal_data::maps::{ContractorTileFilters, ProjectTileFilters};
use portal_domain::contractor::Classification;
use portal_domain::tile::TileAddress;
use portal_http::query::{FilterText, QueryReader};
use portal_http::{PathParameters, Problem};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::project_filters::wanted_statuses;

/// What a tile shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TileLayer {
    /// Construction projects that the caller may see.
    Projects,
    /// Licensed contractors.
    Contractors,
}

impl FromStr for TileLayer {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "projects" => Ok(Self::Projects),
            "contractors" => Ok(Self::Contractors),
            _ => Err(()),
        }
    }
}

/// A number as it stands in an address: digits only, and no zeros before them, so that a tile has one address.
struct Plain(u32);

impl FromStr for Plain {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = text.parse().map_err(drop)?;
        if u32::to_string(&number) == text {
            Ok(Self(number))
        } else {
            Err(())
        }
    }
}

/// The tile that a path names.
///
/// # Errors
/// A 404 problem when there is no such layer or no such tile.
pub(crate) fn address(path: &PathParameters) -> Result<(TileLayer, TileAddress), Problem> {
    let nothing = |_| {
        Problem::not_found(
            "There is no such tile: the layers are projects and contractors, z is from 0 to 20, and x and y are from 0 to 2^z - 1.",
        )
    };
    let number = |name| {
        path.read::<Plain>(name)
            .map(|Plain(number)| number)
            .map_err(nothing)
    };
    let layer = path.read("layer").map_err(nothing)?;
    let (zoom, column, row) = (number("z")?, number("x")?, number("y")?);
    let tile = u8::try_from(zoom)
        .ok()
        .and_then(|zoom| TileAddress::new(zoom, column, row));
    let tile = tile.ok_or_else(|| Problem::not_found("")).map_err(nothing)?;
    Ok((layer, tile))
}

/// What a tile shows; each as in the list of its layer.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
// Read by `TileFilters`, since what a status may be depends on the layer.
#[allow(dead_code)]
pub(crate) struct TileParameters {
    /// Where the projects stand (`PUBLISHED` and `BIDDING_OPEN` without it), or the contractors' primary statuses.
    #[param(value_type = Vec<FilterText>, required = false)]
    status: Vec<String>,
    /// Licence classes, such as `C-10`; other spellings (`c10`) are understood.
    #[param(required = false)]
    class: Vec<Classification>,
}

/// The filters of a layer.
#[derive(Debug)]
pub(crate) enum TileFilters {
    Projects(ProjectTileFilters),
    Contractors(ContractorTileFilters),
}

impl TileFilters {
    /// Reads the query of a tile of a layer.
    ///
    /// # Errors
    /// A 400 or 422 problem that names every fault.
    pub(crate) fn read(layer: TileLayer, text: &str) -> Result<Self, Problem> {
        let mut query = QueryReader::parse(text)?;
        let filters = match layer {
            TileLayer::Projects => Self::Projects(ProjectTileFilters {
                statuses: wanted_statuses(query.many("status")),
                classes: query.many("class"),
            }),
            TileLayer::Contractors => Self::Contractors(ContractorTileFilters {
                statuses: query.texts("status", 100),
                classes: query.many("class"),
            }),
        };
        query.finish()?;
        Ok(filters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(layer: TileLayer, text: &str) -> Vec<String> {
        let problem = TileFilters::read(layer, text).unwrap_err();
        problem
            .faults()
            .iter()
            .map(|fault| fault.pointer.clone())
            .collect()
    }

    #[test]
    fn every_layer_reads_its_own_statuses_and_names_every_fault() {
        assert!(TileFilters::read(TileLayer::Contractors, "status=clear&class=c10").is_ok());
        assert!(TileFilters::read(TileLayer::Projects, "status=COMPLETED").is_ok());
        assert_eq!(
            pointers(TileLayer::Projects, "status=clear&class=10&limit=1"),
            ["/query/status", "/query/class", "/query/limit"]
        );
        assert_eq!(
            pointers(TileLayer::Contractors, "status=&class=10"),
            ["/query/status", "/query/class"]
        );
    }

    #[test]
    fn a_tile_has_one_address() {
        for text in ["7", "0", "4294967295"] {
            assert!(text.parse::<Plain>().is_ok(), "{text}");
        }
        for text in ["", "07", "+7", "-7", "7.0", "4294967296", "x"] {
            assert!(text.parse::<Plain>().is_err(), "{text}");
        }
    }

    #[test]
    fn parameters_are_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "show_tile");
        assert_eq!(documented, ["class", "status"]);
    }
}
