//! The directory: who is licensed to build in California, who belongs to the association, and what members say about themselves.

mod change_outreach;
mod change_own_profile;
mod claim_license;
mod contractor_item;
mod contractor_list;
mod keep_sensitive_data;
mod list_contractors;
mod list_members;
mod list_skills;
mod member_body;
mod member_item;
mod member_parameters;
mod outreach;
mod release_license;
mod replace_own_skills;
mod sensitive;
mod show_contractor;
mod show_member;
mod show_own_profile;
mod show_sensitive_data;
mod state;
mod upload_avatar;

use portal_http::Operations;
pub use state::Directory;
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "directory";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Directory> {
    Operations::of(FUNCTION)
        .bind("list_contractors", list_contractors::list_contractors)
        .bind("show_contractor", show_contractor::show_contractor)
        .bind("change_outreach", change_outreach::change_outreach)
        .bind("list_members", list_members::list_members)
        .bind("show_member", show_member::show_member)
        .bind("show_own_profile", show_own_profile::show_own_profile)
        .bind("change_own_profile", change_own_profile::change_own_profile)
        .bind("replace_own_skills", replace_own_skills::replace_own_skills)
        .bind("list_skills", list_skills::list_skills)
        .bind("keep_sensitive_data", keep_sensitive_data::keep_sensitive_data)
        .bind("show_sensitive_data", show_sensitive_data::show_sensitive_data)
        .bind("claim_license", claim_license::claim_license)
        .bind("release_license", release_license::release_license)
        .bind("upload_avatar", upload_avatar::upload_avatar)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        list_contractors::list_contractors,
        show_contractor::show_contractor,
        change_outreach::change_outreach,
        list_members::list_members,
        show_member::show_member,
        show_own_profile::show_own_profile,
        change_own_profile::change_own_profile,
        replace_own_skills::replace_own_skills,
        list_skills::list_skills,
        keep_sensitive_data::keep_sensitive_data,
        show_sensitive_data::show_sensitive_data,
        claim_license::claim_license,
        release_license::release_license,
        upload_avatar::upload_avatar,
    ),
    components(schemas(
        portal_http::query::FilterText,
        portal_domain::contractor::Classification,
        portal_domain::member::MemberDetails,
        portal_domain::member::MemberType,
        portal_domain::member::MemberOrder,
        portal_domain::member::SkillLevel,
        portal_domain::member::SkillClaim,
        portal_domain::member::Certification
    ))
)]
struct Document;

/// The function's part of the OpenAPI document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    portal_http::openapi::complete(Document::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_description_and_table_agree() {
        assert_eq!(operations().into_router().err(), None);
        assert_eq!(
            portal_http::openapi::differences(FUNCTION, &openapi()),
            Vec::<String>::new()
        );
    }
}
