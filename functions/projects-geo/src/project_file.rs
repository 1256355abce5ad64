//! A file of a project, on its way in and out.

use portal_domain::file::ProjectFile;

/// Where a file is.
pub(crate) fn location(file: &ProjectFile) -> String {
    format!("/v1/projects/{}/files/{}", file.project_id, file.id)
}

#[cfg(test)]
mod tests {
    use portal_http::file::NewFile;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "NewFile");
        assert_eq!(portal_http::fields::names::<NewFile>(), documented);
    }
}
