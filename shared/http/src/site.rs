//! Pages with scripts of their own, which ask this host alone.
//!
//! The files of a page lie in a folder whose name their contents make: they may be kept for ever, and name each other as they do in
//! the repository. Nothing is written into the page itself, neither script nor style, and texts never become markup.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::etag::EntityTag;
use crate::negotiate::{MediaType, negotiate};
use crate::problem::Problem;

/// Everything comes from this host, as files. With trusted types a browser refuses to take a text for markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Pages only change with a deployment, and can be revalidated then.
const FOR_A_WHILE: &str = "public, max-age=300";

/// A folder stands for the same bytes for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// No other page gets hold of the window that somebody has signed in at.
const OPENER_POLICY: (HeaderName, &str) = (
    HeaderName::from_static("cross-origin-opener-policy"),
    "same-origin",
);

/// A file that is compiled in.
#[derive(Debug)]
pub struct File {
    /// Its name, which says what it is by its ending.
    pub name: &'static str,
    /// What is sent.
    pub contents: &'static str,
}

/// Compiles files in, which lie in the folder `static` beside the caller's `src`.
#[macro_export]
macro_rules! site_files {
    ($($name:literal),* $(,)?) => {
        &[$($crate::site::File { name: $name, contents: include_str!(concat!("../static/", $name)) }),*]
    };
}

/// What all pages share: the look, elements, the sign-in and how problems are told.
pub static COMMON: &[File] = crate::site_files![
    "base.css",
    "dom.js",
    "icon.svg",
    "problem.js",
    "session.js",
    "sign-in.js",
    "theme.js",
];

/// A page and its files.
#[derive(Debug)]
pub struct Site {
    page: String,
    tag: EntityTag,
    version: String,
    files: Vec<&'static File>,
}

impl Site {
    /// A page whose files are served below an address; `{files}` in the page stands for their folder.
    #[must_use]
    pub fn new(address: &str, page: &str, files: &[&'static [File]]) -> Self {
        let files: Vec<&File> = files.iter().copied().flatten().collect();
        let mut digest = Sha256::new();
        for file in &files {
            // The lengths keep apart what stands side by side.
            for part in [file.name, file.contents] {
                digest.update(part.len().to_be_bytes());
                digest.update(part);
            }
        }
        let mut version = URL_SAFE_NO_PAD.encode(digest.finalize());
        version.truncate(16);
        let page = page.replace("{files}", &format!("{address}/{version}"));
        let tag = EntityTag::of_contents(MediaType::Html.content_type(), page.as_bytes());
        Self {
            page,
            tag,
            version,
            files,
        }
    }

    /// The page.
    ///
    /// # Errors
    /// A 406 problem where HTML is not wanted.
    pub fn show(&self, headers: &HeaderMap) -> Result<Response, Problem> {
        negotiate(headers, &[MediaType::Html])?;
        let fixed = [
            (CONTENT_TYPE, MediaType::Html.content_type()),
            (CACHE_CONTROL, FOR_A_WHILE),
            (CONTENT_SECURITY_POLICY, POLICY),
            OPENER_POLICY,
        ];
        let response = (fixed, self.page.clone()).into_response();
        Ok(self.tag.answer(headers, response))
    }

    /// One of its files.
    ///
    /// # Errors
    /// A 404 problem when the page has no such file, or not in this version.
    pub fn show_file(&self, version: &str, name: &str) -> Result<Response, Problem> {
        let file = self
            .files
            .iter()
            .find(|file| version == self.version && file.name == name)
            .ok_or_else(|| {
                Problem::not_found("There is no file by this name; load the page again for the present ones.")
            })?;
        let fixed = [(CONTENT_TYPE, file.content_type()), (CACHE_CONTROL, FOR_EVER)];
        Ok((fixed, file.contents).into_response())
    }

    /// What is wrong with the page, for its test: files that are named and not there, or are there and named nowhere, and what the
    /// policy would refuse.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let folder = format!("/{}/", self.version);
        let in_page = between(&self.page, &folder);
        let scripts = self.files.iter().filter(|file| file.name.ends_with(".js"));
        let in_scripts = scripts.flat_map(|file| between(file.contents, "\"./"));
        let named: Vec<&str> = in_page.into_iter().chain(in_scripts).collect();
        for name in &named {
            if !self.files.iter().any(|file| file.name == *name) {
                faults.push(format!("{name} is named and not there"));
            }
        }
        for file in &self.files {
            if !named.contains(&file.name) {
                faults.push(format!("{} is named nowhere", file.name));
            }
            for refused in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "eval(",
                "http://localhost",
                "@import",
            ] {
                if file.contents.contains(refused) {
                    faults.push(format!("{} has {refused}", file.name));
                }
            }
        }
        for refused in [
            " style=",
            "<style",
            "<script>",
            " onclick=",
            "javascript:",
            "{files}",
        ] {
            if self.page.contains(refused) {
                faults.push(format!("the page has {refused}"));
            }
        }
        faults
    }
}

impl File {
    fn content_type(&self) -> &'static str {
        match self.name.rsplit_once('.') {
            Some((_, "js")) => "text/javascript; charset=utf-8",
            Some((_, "css")) => "text/css; charset=utf-8",
            Some((_, "svg")) => "image/svg+xml",
            Some((_, "json")) => "application/json",
            _ => "text/plain; charset=utf-8",
        }
    }
}

/// What stands between each occurrence of a beginning and the next quotation mark.
fn between<'a>(text: &'a str, beginning: &str) -> Vec<&'a str> {
    text.split(beginning)
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(name, _)| name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    static FILES: &[File] = &[
        File {
            name: "a.js",
            contents: "import { b } from \"./b.js\";",
        },
        File {
            name: "b.js",
            contents: "export const b = 1;",
        },
    ];

    const PAGE: &str = "<script type=\"module\" src=\"{files}/a.js\"></script>";

    #[test]
    fn the_folder_follows_the_contents_of_every_file() {
        static OTHER: &[File] = &[
            File {
                name: "a.js",
                contents: "import { b } from \"./b.js\";",
            },
            File {
                name: "b.js",
                contents: "export const b = 2;",
            },
        ];
        let (one, other) = (Site::new("/x", PAGE, &[FILES]), Site::new("/x", PAGE, &[OTHER]));
        assert_ne!(one.version, other.version);
        assert!(one.page.contains(&format!("/x/{}/a.js", one.version)));
        assert_eq!(one.show_file(&one.version, "b.js").unwrap().status(), 200);
        assert!(one.show_file(&other.version, "b.js").is_err());
        assert!(one.show_file(&one.version, "c.js").is_err());
    }

    #[test]
    fn faults_are_found() {
        assert_eq!(Site::new("/x", PAGE, &[FILES]).faults(), Vec::<String>::new());
        static BAD: &[File] = &[
            File {
                name: "a.js",
                contents: "import \"./gone.js\"; x.innerHTML = y",
            },
            File {
                name: "idle.js",
                contents: "",
            },
        ];
        let page = "<p style=\"x\"><script type=\"module\" src=\"{files}/a.js\"></script>";
        let faults = Site::new("/x", page, &[BAD]).faults();
        assert_eq!(
            faults,
            [
                "gone.js is named and not there",
                "a.js has innerHTML",
                "idle.js is named nowhere",
                "the page has  style="
            ]
        );
    }

    #[test]
    fn only_html_is_shown_and_a_known_page_is_not_sent_again() {
        let site = Site::new("/x", PAGE, &[FILES]);
        let headers = |name: &'static str, value: &str| {
            HeaderMap::from_iter([(HeaderName::from_static(name), value.parse().unwrap())])
        };
        assert!(site.show(&headers("accept", "application/json")).is_err());
        let page = site.show(&HeaderMap::new()).unwrap();
        assert_eq!(page.headers()[CONTENT_SECURITY_POLICY], POLICY);
        let again = site.show(&headers("if-none-match", &site.tag.header())).unwrap();
        assert_eq!(again.status(), 304);
    }
}
