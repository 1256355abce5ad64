//! Contractors, projects, events and courses.

use super::Table;

const PAST: &str = "2020-01-01 00:00:00+00";

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "licences",
        key: &["license_number"],
        fill: |d| {
            d.digits("license_number");
            d.pick("region", &["NORTH", "SOUTH"]);
        },
    },
    Table {
        name: "california_contractors",
        key: &["license_number"],
        fill: |d| {
            d.digits("license_number");
            d.pick("region", &["NORTH", "SOUTH"]);
            d.set("business_name", "A FIRM");
            d.set("primary_status", "CLEAR");
            d.set("in_good_standing", "true");
        },
    },
    Table {
        name: "import_runs",
        key: &["id"],
        fill: |d| {
            d.id();
            d.set("bucket", "b");
            d.unique("object_key");
        },
    },
    Table {
        name: "import_rejects",
        key: &["import_id", "line"],
        fill: |d| {
            d.parent("import_id", "import_runs");
            d.digits("line");
            d.set("reason", "r");
            d.set("record", "r");
        },
    },
    Table {
        name: "import_changes",
        key: &["import_id", "license_number"],
        fill: |d| {
            d.parent("import_id", "import_runs");
            d.digits("license_number");
            d.set("operation", "UPDATE");
            d.set("before", "{}");
        },
    },
    Table {
        name: "projects",
        key: &["id"],
        fill: |d| {
            d.id();
            d.member("owner_id");
            d.set("title", "A library");
            d.set("category", "COMMERCIAL");
            d.pick("status", &["DRAFT", "PUBLISHED", "BIDDING_OPEN", "AWARDED"]);
            d.pick(
                "visibility",
                &["PUBLIC", "MEMBERS_ONLY", "INVITE_ONLY", "PRIVATE"],
            );
            d.maybe("deleted_at", &[PAST]);
        },
    },
    Table {
        name: "imported_projects",
        key: &["project_id"],
        fill: |d| {
            d.parent("project_id", "projects");
            d.set("details", "{}");
            d.member("imported_by");
        },
    },
    Table {
        name: "project_invitations",
        key: &["project_id", "user_id"],
        fill: |d| {
            d.parent("project_id", "projects");
            d.member("user_id");
            d.member("invited_by");
        },
    },
    Table {
        name: "project_applications",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("project_id", "projects");
            d.member("user_id");
            d.pick(
                "status",
                &["PENDING", "REVIEWING", "APPROVED", "REJECTED", "WITHDRAWN"],
            );
        },
    },
    Table {
        name: "application_events",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("application_id", "project_applications");
            d.set("to_status", "PENDING");
            d.member("actor_id");
        },
    },
    Table {
        name: "addenda",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("project_id", "projects");
            d.digits("number");
            d.set("summary", "s");
            d.member("created_by");
        },
    },
    Table {
        name: "addendum_acknowledgements",
        key: &["addendum_id", "user_id"],
        fill: |d| {
            d.parent("addendum_id", "addenda");
            d.member("user_id");
        },
    },
    Table {
        name: "project_files",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("project_id", "projects");
            d.unique("object_key");
            d.set("name", "plan.pdf");
            d.set("media_type", "application/pdf");
            d.set("size_bytes", "1");
            d.member("uploaded_by");
        },
    },
    Table {
        name: "events",
        key: &["id"],
        fill: |d| {
            d.id();
            d.member("organizer_id");
            d.set("title", "A dinner");
            d.set("type", "MEETING");
            d.pick("status", &["DRAFT", "PUBLISHED", "COMPLETED", "CANCELLED"]);
            d.maybe("published_at", &[PAST]);
            d.pick("visibility", &["PUBLIC", "MEMBERS_ONLY"]);
            d.set("starts_at", "2030-01-01 18:00:00+00");
            d.set("ends_at", "2030-01-01 20:00:00+00");
            d.maybe("deleted_at", &[PAST]);
        },
    },
    Table {
        name: "event_registrations",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("event_id", "events");
            d.member("user_id");
            d.pick(
                "status",
                &["REGISTERED", "WAITLISTED", "ATTENDED", "NO_SHOW", "CANCELLED"],
            );
            d.maybe("paid_at", &[PAST]);
        },
    },
    Table {
        name: "event_files",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("event_id", "events");
            d.unique("object_key");
            d.set("name", "slides.pdf");
            d.set("media_type", "application/pdf");
            d.set("size_bytes", "1");
            d.member("uploaded_by");
        },
    },
    Table {
        name: "calendar_tokens",
        key: &["user_id"],
        fill: |d| {
            d.member("user_id");
            d.bytes("token_hash");
        },
    },
    Table {
        name: "courses",
        key: &["id"],
        fill: |d| {
            d.id();
            d.member("author_id");
            d.set("title", "Estimating");
            d.set("difficulty", "BEGINNER");
            d.flag("is_published");
            d.set("published_at", PAST);
            d.maybe("deleted_at", &[PAST]);
        },
    },
    Table {
        name: "course_modules",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("course_id", "courses");
            d.digits("position");
            d.set("title", "One");
        },
    },
    Table {
        name: "course_enrollments",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("course_id", "courses");
            d.member("user_id");
            d.pick("status", &["ENROLLED", "DROPPED"]);
            d.pick("amount_cents", &["0", "900"]);
            d.maybe("paid_at", &[PAST]);
        },
    },
    Table {
        name: "module_progress",
        key: &["enrollment_id", "module_id"],
        fill: |d| {
            d.parent("enrollment_id", "course_enrollments");
            d.parent("module_id", "course_modules");
            d.set("percent", "5");
        },
    },
];
