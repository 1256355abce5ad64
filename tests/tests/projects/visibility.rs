//! Who sees which project, by every route and in every list: everybody, members, those invited, or its owner and staff.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{Person, ProjectCalls as _, Reply, new_poster};
use crate::support::{alter, ids, marker};

const VISIBILITIES: [&str; 4] = ["PUBLIC", "MEMBERS_ONLY", "INVITE_ONLY", "PRIVATE"];

struct Viewer {
    name: &'static str,
    person: Person,
}

struct Shown {
    id: String,
    visibility: &'static str,
    is_draft: bool,
}

impl Shown {
    /// The rule, said once more.
    fn is_for(&self, viewer: &str) -> bool {
        let open = match self.visibility {
            "PUBLIC" => true,
            "MEMBERS_ONLY" => viewer != "stranger",
            "INVITE_ONLY" => viewer == "invited" || viewer == "bidder",
            _ => viewer == "bidder",
        };
        open && !self.is_draft || viewer == "owner" || viewer == "staff"
    }
}

async fn viewers() -> Vec<Viewer> {
    let mut viewers = vec![
        Viewer {
            name: "stranger",
            person: Person::stranger(),
        },
        Viewer {
            name: "owner",
            person: new_poster().await,
        },
        Viewer {
            name: "staff",
            person: Person::with(&["project_manager"]).await,
        },
    ];
    for name in ["member", "invited", "bidder"] {
        let person = Person::with(&["member"]).await;
        viewers.push(Viewer { name, person });
    }
    viewers
}

/// Projects of every kind at one place of their own, whose invited member and bidder are those among the viewers.
async fn projects(viewers: &[Viewer], marker: &str, place: &Value) -> Vec<Shown> {
    let find = |name: &str| &viewers.iter().find(|viewer| viewer.name == name).unwrap().person;
    let (poster, invited, bidder) = (find("owner"), find("invited"), find("bidder"));
    let mut shown = Vec::new();
    for visibility in VISIBILITIES {
        for is_draft in [true, false] {
            let fields = json!({
                "title": format!("Hall {marker}"), "visibility": visibility, "coordinates": place,
                "city": marker, "deadlineDate": "2120-01-01T00:00:00Z",
            });
            let id = poster.draft(fields).await;
            let path = format!("/v1/projects/{id}");
            poster
                .post(&format!("{path}/invitations"), &json!({"memberId": invited.id()}))
                .await
                .expect(StatusCode::CREATED);
            if !is_draft {
                for action in ["publish", "open"] {
                    poster.act(&id, action).await.expect(StatusCode::OK);
                }
                // One who has bid while it was shown to everybody goes on seeing what the bid is on.
                alter("UPDATE projects SET visibility = 'PUBLIC' WHERE id = $1", &id).await;
                bidder.bid(&id, 7).await;
                alter(
                    &format!("UPDATE projects SET visibility = '{visibility}' WHERE id = $1"),
                    &id,
                )
                .await;
            }
            shown.push(Shown {
                id,
                visibility,
                is_draft,
            });
        }
    }
    shown
}

fn expected<'a>(shown: &'a [Shown], viewer: &str) -> Vec<&'a str> {
    let mut ids: Vec<_> = shown
        .iter()
        .filter(|project| project.is_for(viewer))
        .map(|project| project.id.as_str())
        .collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn every_list_shows_what_its_reader_may_see() {
    let marker = marker();
    let viewers = viewers().await;
    // Far south, where nothing else is built.
    let (lat, lng) = (-61.25, f64::from(rand::random::<u16>()) / 1000.0);
    let shown = projects(&viewers, &marker, &json!({"lat": lat, "lng": lng})).await;
    let any = "status=DRAFT&status=BIDDING_OPEN&limit=3";
    let lists = [
        format!("/v1/projects?{any}&q={marker}"),
        format!("/v1/projects?{any}&city={marker}"),
        format!("/v1/projects?{any}&q={marker}&sort=deadline"),
        format!("/v1/projects/near?{any}&near={lat},{lng}&radiusMiles=0&q={marker}"),
        format!(
            "/v1/projects?{any}&q={marker}&bbox={},{},{},{}",
            lng - 0.5,
            lat - 0.5,
            lng + 0.5,
            lat + 0.5
        ),
    ];
    for viewer in &viewers {
        let expected = expected(&shown, viewer.name);
        for list in &lists {
            let items = viewer.person.follow(list).await;
            let mut got = ids(&items);
            got.sort();
            assert_eq!(got, expected, "{list} for {}", viewer.name);
            let counted = viewer.person.json(&format!("{list}&count=exact")).await;
            assert_eq!(counted["total"], expected.len(), "{list} for {}", viewer.name);
            for item in &items {
                let told = item.get("applicationCount").is_some();
                assert_eq!(told, ["owner", "staff"].contains(&viewer.name), "{item}");
            }
        }
    }
}

async fn status(person: &Person, path: &str) -> StatusCode {
    person.get(path).await.status
}

#[tokio::test]
async fn every_route_of_a_project_hides_it_from_who_may_not_see_it() {
    let marker = marker();
    let viewers = viewers().await;
    let shown = projects(&viewers, &marker, &Value::Null).await;
    for viewer in &viewers {
        for project in &shown {
            let what = format!(
                "{} draft {} for {}",
                project.visibility, project.is_draft, viewer.name
            );
            let sees = project.is_for(viewer.name);
            let good = if sees {
                StatusCode::OK
            } else {
                StatusCode::NOT_FOUND
            };
            let path = format!("/v1/projects/{}", project.id);
            assert_eq!(status(&viewer.person, &path).await, good, "{what}");
            let for_members = if viewer.name == "stranger" {
                StatusCode::UNAUTHORIZED
            } else {
                good
            };
            for part in ["applications", "addenda", "invitations", "files"] {
                let found = status(&viewer.person, &format!("{path}/{part}")).await;
                assert_eq!(found, for_members, "{part} of {what}");
            }
            if !sees {
                let bid = viewer
                    .person
                    .post(&format!("{path}/applications"), &json!({"bidAmountCents": 100}))
                    .await;
                assert_eq!(bid.status, for_members, "a bid on {what}");
            }
        }
    }
}

/// What a 404 says, but for what every answer has of its own.
fn said(reply: Reply) -> Value {
    let mut problem = reply.expect(StatusCode::NOT_FOUND);
    for own in ["instance", "requestId"] {
        problem.as_object_mut().unwrap().remove(own);
    }
    problem
}

#[tokio::test]
async fn a_hidden_project_is_as_if_there_were_none() {
    let (poster, member) = (new_poster().await, Person::with(&["member"]).await);
    let hidden = poster.open(json!({"visibility": "PRIVATE"})).await;
    let none = uuid::Uuid::now_v7();
    let body = json!({"memberId": member.id(), "summary": "x", "applicationId": none, "title": "x", "coverLetter": "x"});
    for (method, part, fields) in [
        (Method::GET, "", &[][..]),
        (Method::GET, "/applications", &[]),
        (Method::GET, "/addenda", &[]),
        (Method::GET, "/invitations", &[]),
        (Method::GET, "/files", &[]),
        (Method::DELETE, "", &[]),
        (Method::PATCH, "", &["title"]),
        (Method::POST, "/publish", &[]),
        (Method::POST, "/applications", &["coverLetter"]),
        (Method::POST, "/addenda", &["summary"]),
        (Method::POST, "/invitations", &["memberId"]),
        (Method::POST, "/award", &["applicationId"]),
    ] {
        let mut sent = json!({});
        for field in fields {
            sent[*field] = body[*field].clone();
        }
        let sent = (!fields.is_empty()).then_some(&sent);
        let of = async |project: &str| {
            let path = format!("/v1/projects/{project}{part}");
            said(member.send(method.clone(), &path, sent, &[]).await)
        };
        assert_eq!(of(&hidden).await, of(&none.to_string()).await, "{method} {part}");
    }
}

#[tokio::test]
async fn a_tile_shows_what_its_reader_may_see() {
    let marker = marker();
    let viewers = viewers().await;
    let shown = projects(&viewers, &marker, &json!({"lat": -66.5, "lng": -30.0})).await;
    // The place in spherical Mercator at zoom 14.
    let y = 0.5 - (f64::to_radians(-66.5).tan().asinh()) / (2.0 * std::f64::consts::PI);
    let tile = format!("14/{}/{}", 16_384 * 150 / 360, (y * 16_384.0).floor());
    for viewer in &viewers {
        let path = format!("/v1/geo/tiles/projects/{tile}?status=DRAFT&status=BIDDING_OPEN");
        let reply = viewer.person.get(&path).await;
        assert_eq!(reply.status, StatusCode::OK);
        let text = String::from_utf8_lossy(&reply.bytes);
        for project in &shown {
            assert_eq!(
                text.contains(&project.id),
                project.is_for(viewer.name),
                "{} for {}",
                project.visibility,
                viewer.name
            );
        }
    }
}
