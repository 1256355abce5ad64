//! Every kind of problem that the API answers with, and what is written about it.

use axum::http::StatusCode;

/// Declares the kinds of problem with all that is known of each, so that none can lack its page.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $slug:literal, $status:ident, $title:literal, $cause:literal, $remedy:literal;)+) => {
        /// A kind of problem: the `type` of a problem document.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemKind {
            $($(#[$doc])* $kind),+
        }

        impl ProblemKind {
            /// Every kind, by status.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The last segment of the kind's URI, `/v1/problems/{slug}`.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$kind => $slug),+ }
            }

            /// The HTTP status that it comes with.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status),+ }
            }

            /// A short summary, the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
            }

            /// What leads to it.
            #[must_use]
            pub const fn cause(self) -> &'static str {
                match self { $(Self::$kind => $cause),+ }
            }

            /// What a client does about it.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$kind => $remedy),+ }
            }
        }
    };
}

kinds! {
    /// The request cannot be read.
    MalformedRequest = "malformed-request", BAD_REQUEST, "The request cannot be read",
        "A part of the request is not in the form that HTTP or this API asks for: a percent sign in the query string without two \
         hexadecimal digits, bytes that are not UTF-8, or a header that cannot be read.",
        "Encode query parameters as UTF-8 with percent encoding; see `errors` for the parts at fault.";
    /// The body is not JSON.
    MalformedJson = "malformed-json", BAD_REQUEST, "The body is not JSON",
        "The body of the request is not a well-formed JSON text.",
        "Send one JSON text in UTF-8; `detail` says where reading stopped.";
    /// The cursor does not belong to this list.
    InvalidCursor = "invalid-cursor", BAD_REQUEST, "The cursor does not belong to this list",
        "A cursor is signed and bound to the list, its filters and its order. This one was changed, comes from another list, or \
         the filters or the order were changed since it was given.",
        "Start again without a cursor, or repeat the request that gave the cursor with the same filters and order. `limit` and \
         `count` may change.";
    /// Nobody has signed in, or the token cannot be trusted.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Sign in first",
        "The route needs a sign-in and none was sent, or the access token that was sent cannot be verified or has run out.",
        "Sign in, or refresh the access token, and send it as `Authorization: Bearer <token>`. On routes that are open to everyone \
         leave the header out.";
    /// The sign-in has ended.
    SessionEnded = "session-ended", UNAUTHORIZED, "The sign-in has ended",
        "The sign-in that the token belongs to was ended, or the account is not active.",
        "Sign in again.";
    /// Address and password do not go together.
    WrongCredentials = "wrong-credentials", UNAUTHORIZED, "This does not sign you in",
        "The e-mail address and the password do not belong to an account that can sign in: one of them is wrong, or the address \
         has not been confirmed yet. The answer does not tell which, so that nobody learns who has an account.",
        "Check both, follow the link in the mail that confirms the address, or ask for a link to set a new password.";
    /// The code of the second factor is wrong.
    WrongCode = "wrong-code", UNAUTHORIZED, "The code is wrong",
        "The code of the authenticator is wrong or was used before, or the account has no such recovery code.",
        "Send the next code that the app shows; check that the clock of the device is right. A recovery code is good once.";
    /// The sign-in was too long ago for this.
    SignInTooOld = "sign-in-too-old", FORBIDDEN, "The sign-in is too old for this",
        "What protects the account is changed only within 15 minutes of a sign-in, so that a device that was left open is not enough.",
        "Sign in again, then repeat the request.";
    /// The caller lacks the permission.
    Forbidden = "forbidden", FORBIDDEN, "You may not do this",
        "The caller is known but lacks the permission that this takes.",
        "Ask an administrator for the permission, or leave out the parameter that needs it.";
    /// There is no such thing, or the caller may not know of it.
    NotFound = "not-found", NOT_FOUND, "There is no such thing",
        "The path names nothing, or something that the caller may not know of.",
        "Check the path and the id in it; signing in may show more.";
    /// The path does not take this method.
    MethodNotAllowed = "method-not-allowed", METHOD_NOT_ALLOWED, "The path does not take this method",
        "The path exists, but not with this method.",
        "Use one of the methods in the `Allow` header.";
    /// No acceptable form.
    NotAcceptable = "not-acceptable", NOT_ACCEPTABLE, "There is no such representation",
        "The `Accept` header allows none of the media types that the resource has.",
        "Accept one of the media types that `detail` names.";
    /// The state of things does not allow it.
    Conflict = "conflict", CONFLICT, "The present state does not allow this",
        "The request is well formed, but clashes with what is stored already.",
        "Read the resource again and decide on its present state.";
    /// The resource has changed since.
    PreconditionFailed = "precondition-failed", PRECONDITION_FAILED, "The resource has changed",
        "The entity tag in `If-Match` is not that of the resource any more: somebody has changed it since it was read.",
        "Read the resource again, apply the change to what it is now and send its new entity tag.";
    /// The body is too large.
    PayloadTooLarge = "payload-too-large", PAYLOAD_TOO_LARGE, "The body is too large",
        "The body of the request is larger than the API takes.",
        "Send less; files go straight to storage by an upload link.";
    /// The body has a media type that the route does not take.
    UnsupportedMediaType = "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "The body has the wrong media type",
        "The `Content-Type` of the body is not one that the route takes.",
        "Send JSON with `Content-Type: application/json`.";
    /// Values are out of range or unknown.
    InvalidValues = "invalid-values", UNPROCESSABLE_ENTITY, "Some values cannot be taken",
        "The request was read, but values in it are out of range, unknown or contradict each other.",
        "Correct the values; `errors` names every one of them with the reason.";
    /// Too many requests.
    TooManyRequests = "too-many-requests", TOO_MANY_REQUESTS, "Too many requests",
        "The caller or the address has sent more requests than this route takes.",
        "Wait as many seconds as `Retry-After` says.";
    /// A fault of the service.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong here",
        "A fault in the service; it has been logged under the request id.",
        "Try again later; if it stays, tell us the `requestId`.";
    /// The database is away.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "The service cannot answer at the moment",
        "The database cannot be reached or is busy.",
        "Repeat the request after as many seconds as `Retry-After` says.";
    /// The request took too long.
    Timeout = "timeout", SERVICE_UNAVAILABLE, "The answer took too long",
        "The request was given up because it ran longer than a request may.",
        "Repeat the request after as many seconds as `Retry-After` says, or narrow its filters.";
}

impl ProblemKind {
    /// The kind's URI, relative to the service.
    #[must_use]
    pub fn uri(self) -> String {
        format!("/v1/problems/{}", self.slug())
    }

    /// The kind with a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.slug() == slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_slug_and_is_an_error() {
        for kind in ProblemKind::ALL {
            assert_eq!(ProblemKind::from_slug(kind.slug()), Some(*kind));
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
        }
        assert_eq!(ProblemKind::from_slug("no-such"), None);
    }
}
