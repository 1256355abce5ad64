//! `GET /v1/certificates/{number}`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use portal_data::{certificates, read};
use portal_domain::course::{CertificateNumber, CertificateStanding};
use portal_domain::zone::ZoneName;
use portal_http::html;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::problem::ProblemDocument;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Problem, ProblemKind, resource};
use time::OffsetDateTime;

use crate::certificate_body::CertificateBody;
use crate::state::Learning;

/// Verifies a certificate, for anyone who has its number: whom it was given, for what, and whether it is good.
///
/// The address that a certificate's QR code holds. Browsers get a page.
#[utoipa::path(
    get,
    path = "/v1/certificates/{number}",
    operation_id = "verify_certificate",
    tag = "certificates",
    params(("number" = String, Path, description = "The number of the certificate, with or without its hyphens, in either case.",
        example = "0000-0000-0000-0000")),
    responses(
        (status = 200, description = "The certificate.", content(
            (CertificateBody = "application/json"),
            (String = "text/html"),
        ), headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 404, description = "There is none by this number, or the number is mistyped. Browsers get a page.", content(
            (ProblemDocument = "application/problem+json"),
            (String = "text/html"),
        ), headers(("X-Request-Id" = String, description = "The id under which the request is logged."))),
        (status = 406, description = "Only JSON and HTML."),
    ),
)]
pub(crate) async fn verify_certificate(
    State(state): State<Learning>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let media = negotiate(&headers, &[MediaType::Json, MediaType::Html])?;
    match look_up(&state, &call, &path).await {
        Ok(body) if media == MediaType::Html => Ok(html::respond(page(&body))),
        Ok(body) => resource::respond(&headers, 0, &body),
        // Whoever reads a code off paper sits before a browser.
        Err(problem) if media == MediaType::Html && problem.kind() == ProblemKind::NotFound => {
            let page = html::respond(no_page(problem.detail()));
            Ok((StatusCode::NOT_FOUND, page).into_response())
        }
        Err(problem) => Err(problem),
    }
}

async fn look_up(state: &Learning, call: &Call, path: &PathParameters) -> Result<CertificateBody, Problem> {
    let number = number(path)?;
    let found = read!(state.portal.database(), &call.context, |tx| {
        certificates::find(tx, &number).await
    });
    let found = found?.ok_or_else(unknown)?;
    Ok(CertificateBody::of(found, state.now()))
}

/// The number in the path.
///
/// # Errors
/// A 404 problem that says whether the number is mistyped.
pub(crate) fn number(path: &PathParameters) -> Result<CertificateNumber, Problem> {
    let text: String = path.read("number")?;
    text.parse()
        .map_err(|error| Problem::not_found(format!("This is no certificate's number: {error}.")))
}

/// What is said of a number that no certificate has.
pub(crate) fn unknown() -> Problem {
    Problem::not_found("There is no certificate by this number.")
}

fn page(body: &CertificateBody) -> String {
    let heading = match body.status {
        CertificateStanding::Valid => "This certificate is valid",
        CertificateStanding::Expired => "This certificate has run out",
        CertificateStanding::Revoked => "This certificate was revoked",
    };
    let mut facts = vec![
        ("Number", body.number.clone()),
        ("Given to", body.holder_name.clone()),
        ("For the course", body.course_title.clone()),
        ("On", day(body.issued_at.0)),
    ];
    facts.extend(body.expires_at.map(|expires| ("Good until", day(expires.0))));
    facts.extend(body.revoked_at.map(|revoked| ("Revoked on", day(revoked.0))));
    let list: String = facts
        .iter()
        .map(|(name, value)| format!("<dt>{name}</dt><dd>{}</dd>", html::escape(value)))
        .collect();
    html::layout(heading, &format!("<p>NAMC NorCal</p><dl>{list}</dl>"))
}

/// What a browser is shown where there is no certificate.
fn no_page(why: &str) -> String {
    let ask = "Compare the number with the one on the certificate, character by character.";
    html::layout(
        "This certificate cannot be verified",
        &format!("<p>NAMC NorCal</p><p>{}</p><p>{ask}</p>", html::escape(why)),
    )
}

/// A day in words, where the association is.
fn day(at: OffsetDateTime) -> String {
    portal_documents::day(ZoneName::default().on_its_clocks(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal_domain::listing::Moment;
    use time::macros::datetime;

    #[test]
    fn a_page_says_what_a_certificate_is_worth_and_names_stay_text() {
        let body = CertificateBody {
            number: "8Q2T-M4XA-0V7K-PD33".to_owned(),
            status: CertificateStanding::Expired,
            holder_name: "Ana <b>Ruiz".to_owned(),
            course_title: "Estimating".to_owned(),
            issued_at: Moment(datetime!(2026-03-05 09:07 UTC)),
            expires_at: Some(Moment(datetime!(2028-03-05 09:07 UTC))),
            revoked_at: None,
        };
        let page = page(&body);
        assert!(page.contains("<h1>This certificate has run out</h1>"), "{page}");
        assert!(page.contains("<dd>Ana &lt;b&gt;Ruiz</dd>"), "{page}");
        assert!(
            page.contains("<dt>Good until</dt><dd>March 5, 2028</dd>"),
            "{page}"
        );
    }

    #[test]
    fn a_page_says_why_there_is_no_certificate() {
        let page = no_page("<b> is none");
        assert!(
            page.contains("cannot be verified") && page.contains("&lt;b&gt; is none"),
            "{page}"
        );
    }

    #[test]
    fn an_evening_in_california_is_of_that_day() {
        assert_eq!(day(datetime!(2026-11-28 06:21 UTC)), "November 27, 2026");
    }
}
