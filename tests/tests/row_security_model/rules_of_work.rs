//! What a member may see and do in the portal, and a stranger: contractors, projects, events, courses.

use portal_tests::rows::Row;

use crate::who::{Op, Question};

pub fn api(q: &Question<'_>) -> Option<bool> {
    let changes = q.op_in(&[Op::Update, Op::Become]);
    let project = q.parent("projects", "project_id");
    let event = q.parent("events", "event_id");
    Some(match q.row.table.name {
        "california_contractors" => (q.op == Op::Read || changes) && q.has("contractors.outreach"),
        "projects" => match q.op {
            Op::Read => q.mine("owner_id") || q.has("projects.manage"),
            Op::Delete => false,
            _ => runs_project(q, Some(q.row)) && (q.op != Op::Insert || q.mine("owner_id")),
        },
        // What sources say of projects is for those who import them.
        "imported_projects" => {
            q.has("projects.manage") && q.op != Op::Delete && (q.op != Op::Insert || q.mine("imported_by"))
        }
        "project_invitations" => match q.op {
            Op::Read => q.mine("user_id") || q.has("projects.manage") || owns(q, project),
            Op::Insert => q.mine("invited_by") && runs_project(q, project),
            Op::Delete => runs_project(q, project),
            _ => false,
        },
        "project_applications" => bid(q, project),
        "application_events" => {
            let bid = q.parent("project_applications", "application_id");
            let of = bid.and_then(|bid| q.world.find("projects", bid.get("project_id")));
            let sees = bid.is_some_and(|bid| {
                of.is_some() && (q.is_me(bid, "user_id") || owns(q, of) || q.has("projects.manage"))
            });
            // The bid's own changes write it.
            sees && q.op == Op::Read
        }
        "addenda" => match q.op {
            Op::Read => sees_project(q, project),
            Op::Insert => q.mine("created_by") && runs_project(q, project),
            _ => false,
        },
        "addendum_acknowledgements" => {
            let addendum = q.parent("addenda", "addendum_id");
            let of = addendum.and_then(|addendum| q.world.find("projects", addendum.get("project_id")));
            match q.op {
                Op::Read => q.mine("user_id") || addendum.is_some() && runs_project(q, of),
                Op::Insert => q.mine("user_id") && sees_project(q, of),
                _ => false,
            }
        }
        "project_files" => match q.op {
            Op::Read => sees_project(q, project),
            Op::Insert => q.mine("uploaded_by") && runs_project(q, project),
            Op::Delete => false,
            _ => runs_project(q, project),
        },
        "events" => q.op != Op::Delete && runs_event(q, Some(q.row)),
        "event_registrations" => seat(q, event),
        "event_files" => match q.op {
            Op::Read => sees_event(q, event) && opens_event(q, event),
            Op::Insert => q.mine("uploaded_by") && runs_event(q, event),
            Op::Delete => false,
            _ => runs_event(q, event),
        },
        "courses" => q.op != Op::Delete && q.has("courses.manage"),
        // What a module teaches is for who takes the course and has paid, its author and staff.
        "course_modules" => match q.op {
            Op::Read => opens_course(q),
            _ => q.has("courses.manage"),
        },
        "course_enrollments" => match q.op {
            Op::Delete => false,
            // A seat in a course is taken unpaid and at its beginning: the other columns are not granted.
            Op::Insert => q.has("courses.manage") || q.mine("user_id") && sees_course(q),
            _ => q.has("courses.manage") || q.mine("user_id"),
        },
        "module_progress" => {
            let enrollment = q.parent("course_enrollments", "enrollment_id");
            let own = enrollment.is_some_and(|enrollment| q.is_me(enrollment, "user_id"));
            match q.op {
                Op::Read => own || q.has("courses.manage"),
                Op::Delete => false,
                // Progress is the member's own to note, in what is open.
                _ => own && enrollment.is_some_and(is_open),
            }
        }
        _ => return None,
    })
}

/// Sealed from rivals; the bidder may change it until it is decided, and never decides. Who sees the bids of others makes none.
fn bid(q: &Question<'_>, project: Option<&Row>) -> bool {
    let own = q.mine("user_id");
    let undecided = ["PENDING", "REVIEWING", "WITHDRAWN"]
        .iter()
        .any(|state| q.row.is("status", state));
    match q.op {
        Op::Read => own || q.has("projects.manage") || owns(q, project),
        Op::Insert => {
            own && q.row.is("status", "PENDING") && sees_project(q, project) && !runs_project(q, project)
        }
        Op::Update => own && !q.row.is("status", "REJECTED") || runs_project(q, project),
        Op::Become => own && undecided || runs_project(q, project),
        Op::Delete => false,
    }
}

/// A member sees the own seat, and who runs the event all; functions write them.
fn seat(q: &Question<'_>, event: Option<&Row>) -> bool {
    q.op == Op::Read && (q.mine("user_id") || runs_event(q, event))
}

/// Where an event is online and its papers are for who runs it, and for who has a seat for which nothing is owed.
fn opens_event(q: &Question<'_>, event: Option<&Row>) -> bool {
    let has_seat = |event: &Row| {
        q.world.of("event_registrations").any(|seat| {
            let is_seat = seat.is("status", "REGISTERED") || seat.is("status", "ATTENDED");
            seat.is("event_id", &event.key()) && q.is_me(seat, "user_id") && is_seat
        })
    };
    q.has("events.manage") || event.is_some_and(|event| q.is_me(event, "organizer_id") || has_seat(event))
}

fn owns(q: &Question<'_>, project: Option<&Row>) -> bool {
    project.is_some_and(|project| q.is_me(project, "owner_id"))
}

/// `projects.create` is to post projects and run the own ones, `projects.manage` to run every one.
fn runs_project(q: &Question<'_>, project: Option<&Row>) -> bool {
    q.has("projects.manage") || q.has("projects.create") && owns(q, project)
}

/// The same of events.
fn runs_event(q: &Question<'_>, event: Option<&Row>) -> bool {
    let organizes = event.is_some_and(|event| q.is_me(event, "organizer_id"));
    q.has("events.manage") || q.has("events.create") && organizes
}

/// A project is for everybody, for members, for those invited, or for nobody else; a draft is its owner's and staff's. Who has bid on
/// it goes on seeing it.
pub fn sees_project(q: &Question<'_>, project: Option<&Row>) -> bool {
    let Some(project) = project.filter(|project| project.get("deleted_at").is_none()) else {
        return false;
    };
    let invited = || {
        q.world
            .of("project_invitations")
            .any(|invitation| invitation.is("project_id", &project.key()) && q.is_me(invitation, "user_id"))
    };
    let bids = || {
        q.world.of("project_applications").any(|bid| {
            bid.is("project_id", &project.key()) && q.is_me(bid, "user_id") && !bid.is("status", "WITHDRAWN")
        })
    };
    let open = match project.get("visibility") {
        Some("PUBLIC") => true,
        Some("MEMBERS_ONLY") => q.signed_in(),
        Some("INVITE_ONLY") => invited(),
        _ => false,
    };
    let announced = open && !project.is("status", "DRAFT");
    announced || owns(q, Some(project)) || q.has("projects.manage") || bids()
}

/// An event is for everybody or for members; a draft, and what was never announced, is its organizer's and staff's.
pub fn sees_event(q: &Question<'_>, event: Option<&Row>) -> bool {
    event
        .filter(|event| event.get("deleted_at").is_none())
        .is_some_and(|event| {
            let announced = !event.is("status", "DRAFT") && event.get("published_at").is_some();
            let open = announced && (event.is("visibility", "PUBLIC") || q.signed_in());
            open || q.is_me(event, "organizer_id") || q.has("events.manage")
        })
}

/// A course is for everybody once it is published, and stays with those who take it.
fn sees_course(q: &Question<'_>) -> bool {
    is_course_seen(q, q.parent("courses", "course_id"))
}

pub fn is_course_seen(q: &Question<'_>, course: Option<&Row>) -> bool {
    course
        .filter(|course| course.get("deleted_at").is_none())
        .is_some_and(|course| {
            course.is("is_published", "true")
                || q.is_me(course, "author_id")
                || q.has("courses.manage")
                || own_enrollments(q, course).next().is_some()
        })
}

fn opens_course(q: &Question<'_>) -> bool {
    let course = q
        .parent("courses", "course_id")
        .filter(|course| is_course_seen(q, Some(course)));
    course.is_some_and(|course| {
        q.is_me(course, "author_id") || q.has("courses.manage") || own_enrollments(q, course).any(is_open)
    })
}

fn own_enrollments<'a>(q: &'a Question<'_>, course: &'a Row) -> impl Iterator<Item = &'a Row> {
    q.world
        .of("course_enrollments")
        .filter(|enrollment| enrollment.is("course_id", &course.key()) && q.is_me(enrollment, "user_id"))
}

/// Not given up, and paid where it costs something.
fn is_open(enrollment: &Row) -> bool {
    let is_paid = enrollment.is("amount_cents", "0") || enrollment.get("paid_at").is_some();
    !enrollment.is("status", "DROPPED") && is_paid
}
