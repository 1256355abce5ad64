//! What a client goes to storage with.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::listing::Moment;

/// How the bytes of an announced file are sent: one request, straight to storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadTicket {
    /// The method of the request: `PUT`.
    pub method: String,
    /// Where it goes. Whoever has this address may send this one file, and nothing else.
    pub url: String,
    /// The headers that it must have, as they are: the signature covers them, and the size of the body as well.
    pub headers: BTreeMap<String, String>,
    /// Until when the address works.
    pub expires_at: Moment,
}

/// Where the bytes of a file are, for a short time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DownloadTicket {
    /// Where they are. Whoever has this address may read the file.
    pub url: String,
    /// Until when the address works.
    pub expires_at: Moment,
}
