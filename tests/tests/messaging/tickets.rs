//! Tickets, as members have them, and what staff do with them under their own role.

use portal_data::feedback::{self, FeedbackFilters};
use portal_data::{DataError, RequestContext};
use portal_domain::feedback::{
    Feedback, FeedbackAction, FeedbackCategory, FeedbackPriority, FeedbackStatus, NewFeedback,
};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Someone, change, each, pointers};

const PATH: &str = "/v1/feedback";

async fn open(who: &Someone) -> String {
    let body = json!({"category": "BUG", "subject": "The map", "content": "It does not load."});
    let (status, ticket) = who.post(PATH, &body).await;
    assert_eq!(status, StatusCode::CREATED, "{ticket}");
    assert_eq!(
        (&ticket["status"], &ticket["priority"]),
        (&json!("OPEN"), &json!("MEDIUM"))
    );
    format!("{PATH}/{}", ticket["id"].as_str().unwrap())
}

async fn set_status(path: &str, status: &str) {
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    change(
        &format!("UPDATE member_feedback SET status = '{status}' WHERE id = $1"),
        id,
    )
    .await;
}

#[tokio::test]
async fn a_ticket_is_opened_replied_to_closed_and_opened_again() {
    let ana = Someone::with(&[]).await;
    let path = open(&ana).await;
    let replies = format!("{path}/replies");
    for content in ["More", "And more"] {
        let (status, reply) = ana.post(&replies, &json!({"content": content})).await;
        assert_eq!(
            (status, &reply["isStaff"]),
            (StatusCode::CREATED, &json!(false)),
            "{reply}"
        );
    }
    let listed = ana.follow(&format!("{replies}?limit=1")).await;
    assert_eq!(each(&listed, "/content"), ["More", "And more"]);
    assert_eq!(ana.json(&path).await["replyCount"], 2);

    let (close, reopen) = (format!("{path}/close"), format!("{path}/reopen"));
    assert_eq!(ana.act(Method::POST, &reopen).await, StatusCode::CONFLICT);
    let closed: Value = ana
        .ask(Method::POST, &close)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(closed["status"], "CLOSED");
    assert!(closed["resolvedAt"].is_string());
    assert_eq!(ana.act(Method::POST, &close).await, StatusCode::CONFLICT);
    let (status, _) = ana.post(&replies, &json!({"content": "late"})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let stale = ana.ask(Method::POST, &reopen).header("if-match", "\"1.x\"");
    assert_eq!(
        stale.send().await.unwrap().status(),
        StatusCode::PRECONDITION_FAILED
    );
    assert_eq!(ana.act(Method::POST, &reopen).await, StatusCode::OK);
    let again = ana.json(&path).await;
    assert_eq!(
        (&again["status"], &again["resolvedAt"]),
        (&json!("OPEN"), &Value::Null)
    );

    set_status(&path, "RESOLVED").await;
    ana.post(&replies, &json!({"content": "It still does not load."}))
        .await;
    assert_eq!(ana.json(&path).await["status"], "OPEN");
}

#[tokio::test]
async fn tickets_are_their_members_alone_and_every_fault_is_named() {
    let (ana, bo) = (Someone::with(&[]).await, Someone::with(&["administrator"]).await);
    let path = open(&ana).await;
    let closed = open(&ana).await;
    ana.act(Method::POST, &format!("{closed}/close")).await;
    assert_eq!(ana.json(&format!("{PATH}?count=exact")).await["total"], 2);
    let only = ana.follow(&format!("{PATH}?status=CLOSED&status=RESOLVED")).await;
    assert_eq!(each(&only, "/status"), ["CLOSED"]);
    for url in [
        path.clone(),
        format!("{path}/replies"),
        format!("{PATH}/{}", Uuid::now_v7()),
    ] {
        assert_eq!(bo.get(&url).await.status(), StatusCode::NOT_FOUND, "{url}");
    }
    let (status, _) = bo
        .post(&format!("{path}/replies"), &json!({"content": "x"}))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(
        bo.act(Method::POST, &format!("{path}/close")).await,
        StatusCode::NOT_FOUND
    );
    let (status, problem) = ana
        .post(PATH, &json!({"category": "X", "priority": "SOON", "content": ""}))
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        pointers(&problem),
        [
            "/body/category",
            "/body/priority",
            "/body/subject",
            "/body/content"
        ]
    );
}

/// A database with a ticket of a member, and staff who answer it.
struct Desk {
    database: TestDatabase,
    owner: sqlx::PgConnection,
    ana: Member,
    staff: Member,
    ticket: Feedback,
}

impl Desk {
    async fn create() -> Self {
        let database = TestDatabase::create().await;
        let mut owner = database.connect("owner").await;
        let ana = Member::add(&mut owner, "ana", &[]).await;
        let staff = Member::add(&mut owner, "staff", &["support"]).await;
        let mut tx = database
            .open("portal_api", false)
            .await
            .begin(&ana.request())
            .await
            .unwrap();
        let new = NewFeedback {
            category: FeedbackCategory::Bug,
            priority: FeedbackPriority::High,
            subject: "The map".to_owned().try_into().unwrap(),
            content: "It does not load.".to_owned().try_into().unwrap(),
        };
        let id = feedback::add(&mut tx, ana.id.into(), &new).await.unwrap();
        let ticket = feedback::lookup(&mut tx, id).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        Self {
            database,
            owner,
            ana,
            staff,
            ticket,
        }
    }

    async fn reply(
        &self,
        role: &str,
        who: Member,
        content: &str,
        is_internal: bool,
    ) -> Result<(), DataError> {
        let mut tx = self.begin(role, &who.request()).await;
        let ticket = feedback::lock(&mut tx, self.ticket.id)
            .await?
            .ok_or(DataError::NotFound)?;
        feedback::reply(&mut tx, &ticket, who.id.into(), content, is_internal).await?;
        tx.commit().await.map(drop)
    }

    async fn replies(&self, role: &str, who: Member) -> Vec<(String, bool)> {
        let mut tx = self.begin(role, &who.request()).await;
        let replies = feedback::list_replies(&mut tx, &self.ticket, None, 100)
            .await
            .unwrap();
        replies
            .into_iter()
            .map(|reply| (reply.content, reply.is_staff))
            .collect()
    }

    async fn begin(&self, role: &str, context: &RequestContext) -> portal_data::Tx {
        self.database
            .open(role, false)
            .await
            .begin(context)
            .await
            .unwrap()
    }

    async fn mailed(&mut self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT recipient FROM outbox WHERE kind = 'TICKET_REPLIED' ORDER BY created_at, id",
        )
        .fetch_all(&mut self.owner)
        .await
        .unwrap()
    }
}

#[tokio::test]
async fn staff_answer_and_keep_notes_that_the_member_does_not_see() {
    let mut desk = Desk::create().await;
    desk.reply("portal_admin", desk.staff, "We look into it.", false)
        .await
        .unwrap();
    desk.reply("portal_admin", desk.staff, "Browser from 2012.", true)
        .await
        .unwrap();
    assert_eq!(
        desk.mailed().await,
        ["ana@example.org"],
        "of the note nobody is told"
    );
    desk.reply("portal_api", desk.ana, "Thanks.", false)
        .await
        .unwrap();
    assert_eq!(
        desk.mailed().await.len(),
        1,
        "nobody is assigned who could be told"
    );
    sqlx::query("UPDATE member_feedback SET assigned_to = $1")
        .bind(desk.staff.id)
        .execute(&mut desk.owner)
        .await
        .unwrap();
    desk.reply("portal_api", desk.ana, "Any news?", false)
        .await
        .unwrap();
    assert_eq!(desk.mailed().await, ["ana@example.org", "staff@example.org"]);

    let said = |words: &[(&str, bool)]| -> Vec<(String, bool)> {
        words
            .iter()
            .map(|(text, staff)| ((*text).to_owned(), *staff))
            .collect()
    };
    let seen = [
        ("We look into it.", true),
        ("Thanks.", false),
        ("Any news?", false),
    ];
    assert_eq!(desk.replies("portal_api", desk.ana).await, said(&seen));
    assert_eq!(desk.replies("portal_admin", desk.staff).await.len(), 4);
}

#[tokio::test]
async fn what_is_staffs_to_say_the_database_takes_from_staff_alone() {
    let desk = Desk::create().await;
    let move_to = async |role: &str, who: Member, status| {
        let mut tx = desk.begin(role, &who.request()).await;
        feedback::lock(&mut tx, desk.ticket.id)
            .await?
            .ok_or(DataError::NotFound)?;
        feedback::move_to(&mut tx, desk.ticket.id, status).await?;
        tx.commit().await.map(drop)
    };
    for status in [FeedbackStatus::InProgress, FeedbackStatus::Resolved] {
        assert!(matches!(
            move_to("portal_api", desk.ana, status).await,
            Err(DataError::Denied(_))
        ));
    }
    let started = FeedbackAction::Start.from(desk.ticket.status).unwrap();
    move_to("portal_admin", desk.staff, started).await.unwrap();
    let resolved = FeedbackAction::Resolve.from(started).unwrap();
    move_to("portal_admin", desk.staff, resolved).await.unwrap();
    let mut tx = desk.begin("portal_admin", &desk.staff.request()).await;
    let all = feedback::list(&mut tx, &FeedbackFilters::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(all.len(), 1);
    assert!(all[0].resolved_at.is_some());
    // Somebody without the permission sees and answers nothing.
    let eve = desk.reply("portal_admin", desk.ana, "x", false).await;
    assert!(matches!(eve, Err(DataError::NotFound)));
    let internal = desk.reply("portal_api", desk.ana, "x", true).await;
    assert!(matches!(internal, Err(DataError::Denied(_))));
}
