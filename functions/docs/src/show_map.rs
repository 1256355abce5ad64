//! `GET /v1/docs/map`

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use portal_http::Problem;
use portal_http::etag::EntityTag;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};

use crate::asset;

/// The page only changes with a deployment, and can be revalidated then.
const CACHE: &str = "public, max-age=300";

/// Everything comes from this host: scripts and styles as files, never in the page. The map's own icons are `data:` images.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

static PAGE: LazyLock<(String, EntityTag)> = LazyLock::new(|| {
    let page = asset::link(include_str!("../assets/map.html"));
    let tag = EntityTag::of_contents(MediaType::Html.content_type(), page.as_bytes());
    (page, tag)
});

/// Shows projects and contractors on a map.
///
/// Without a sign-in it draws what everybody may see; an access token can be given to the page, which keeps it only while it is
/// open.
#[utoipa::path(
    get,
    path = "/v1/docs/map",
    operation_id = "show_map",
    tag = "docs",
    responses(
        (status = 200, description = "The page.", body = String, content_type = "text/html",
         headers(("ETag" = String, description = "The entity tag of this page."))),
        (status = 406, description = "Only HTML."),
    ),
)]
pub(crate) async fn show_map(headers: HeaderMap, _: Query<NoParameters>) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Html])?;
    let (page, tag) = &*PAGE;
    let response = (
        [
            (CONTENT_TYPE, MediaType::Html.content_type()),
            (CACHE_CONTROL, CACHE),
            (CONTENT_SECURITY_POLICY, POLICY),
        ],
        page.as_str(),
    );
    Ok(tag.answer(&headers, response.into_response()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_file_and_holds_no_script_of_its_own() {
        let (page, _) = &*PAGE;
        assert_eq!(page.matches("/v1/docs/assets/").count(), 6);
        assert!(!page.contains('{') && !page.contains(" style=") && !page.contains("<style"));
        assert_eq!(
            page.matches("<script").count(),
            page.matches("<script type=\"module\" src=").count()
        );
    }
}
