//! What is told about a kind of problem.

use portal_http::ProblemKind;
use serde::Serialize;
use utoipa::ToSchema;

/// A kind of problem.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemType {
    /// Its URI, relative to the service: the `type` of a problem document.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference", example = "/v1/problems/invalid-values")]
    pub(crate) kind: String,
    /// A summary.
    pub(crate) title: &'static str,
    /// The HTTP status that it comes with.
    #[schema(minimum = 400, maximum = 599)]
    pub(crate) status: u16,
    /// What leads to it.
    pub(crate) cause: &'static str,
    /// What a client does about it.
    pub(crate) remedy: &'static str,
}

impl From<ProblemKind> for ProblemType {
    fn from(kind: ProblemKind) -> Self {
        Self {
            kind: kind.uri(),
            title: kind.title(),
            status: kind.status().as_u16(),
            cause: kind.cause(),
            remedy: kind.remedy(),
        }
    }
}

/// Every kind of problem.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemTypes {
    /// By status.
    pub(crate) items: Vec<ProblemType>,
}
