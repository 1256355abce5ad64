//! What the map page loads, each under a name that its contents make, so that it may be kept for ever.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A file that is compiled in.
#[derive(Debug)]
pub(crate) struct Asset {
    /// Its name in the repository, without `.gz`.
    name: &'static str,
    /// Its media type.
    pub(crate) content_type: &'static str,
    /// How it is compressed.
    pub(crate) encoding: Option<&'static str>,
    /// The bytes that are sent.
    pub(crate) contents: &'static [u8],
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// The libraries are kept as they are sent, compressed: every browser takes gzip, and they are four times smaller so.
const ASSETS: &[Asset] = &[
    Asset {
        name: "map.js",
        content_type: SCRIPT,
        encoding: None,
        contents: include_bytes!("../assets/map.js"),
    },
    Asset {
        name: "map.css",
        content_type: STYLE,
        encoding: None,
        contents: include_bytes!("../assets/map.css"),
    },
    Asset {
        name: "maplibre-gl.mjs",
        content_type: SCRIPT,
        encoding: Some("gzip"),
        contents: include_bytes!("../assets/maplibre-gl.mjs.gz"),
    },
    Asset {
        name: "maplibre-gl-worker.mjs",
        content_type: SCRIPT,
        encoding: Some("gzip"),
        contents: include_bytes!("../assets/maplibre-gl-worker.mjs.gz"),
    },
    Asset {
        name: "maplibre-gl.css",
        content_type: STYLE,
        encoding: Some("gzip"),
        contents: include_bytes!("../assets/maplibre-gl.css.gz"),
    },
    Asset {
        name: "outline.geojson",
        content_type: "application/geo+json",
        encoding: Some("gzip"),
        contents: include_bytes!("../assets/outline.geojson.gz"),
    },
];

/// Every file with the name that it is published under.
static PUBLISHED: LazyLock<Vec<(String, &'static Asset)>> = LazyLock::new(|| {
    ASSETS
        .iter()
        .map(|asset| (published_name(asset), asset))
        .collect()
});

/// The file of a published name.
pub(crate) fn find(name: &str) -> Option<&'static Asset> {
    PUBLISHED
        .iter()
        .find(|(published, _)| published == name)
        .map(|(_, asset)| *asset)
}

/// A page with every `{name}` replaced by the address of that file.
pub(crate) fn link(page: &str) -> String {
    let with_address = |page: String, (published, asset): &(String, &'static Asset)| {
        page.replace(
            &format!("{{{}}}", asset.name),
            &format!("/v1/docs/assets/{published}"),
        )
    };
    PUBLISHED.iter().fold(page.to_owned(), with_address)
}

/// The name with 96 bits of the contents' hash before its ending.
fn published_name(asset: &Asset) -> String {
    let digest = Sha256::digest(asset.contents);
    let mut hash = URL_SAFE_NO_PAD.encode(digest);
    hash.truncate(16);
    let (stem, ending) = asset.name.rsplit_once('.').unwrap_or((asset.name, "bin"));
    format!("{stem}.{hash}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_contents() {
        let asset = |contents| Asset {
            name: "a.js",
            content_type: SCRIPT,
            encoding: None,
            contents,
        };
        let (one, other) = (published_name(&asset(b"1")), published_name(&asset(b"2")));
        assert_ne!(one, other);
        assert!(one.starts_with("a.") && one.ends_with(".js") && one.len() == "a..js".len() + 16);
    }

    #[test]
    fn what_is_linked_is_found_and_nothing_else() {
        let page = link("{map.js} {map.css} {other}");
        let (script, rest) = page.split_once(' ').unwrap();
        let name = script.strip_prefix("/v1/docs/assets/").unwrap();
        assert_eq!(find(name).unwrap().name, "map.js");
        assert!(rest.ends_with(" {other}"));
        assert!(find("map.js").is_none());
    }
}
