//! Who may see, add and take away the files of whose project.

use reqwest::{Method, StatusCode};

use crate::support::{Client, announced, await_replica, deliver, object_key, owner, project, send, upload};

#[tokio::test]
async fn the_files_of_a_private_project_are_its_owners_and_staffs_alone() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["project_manager"]).await;
    let staff = Client::new(&mut owner, "staff", &["administrator"]).await;
    let other = Client::new(&mut owner, "other", &["member"]).await;
    let project = project(&mut owner, &manager.member, "PRIVATE", "PUBLISHED").await;
    let files = format!("/v1/projects/{project}/files");
    let plan = announced("Plan.pdf", "application/pdf", b"plan");
    let file = manager.post(&files, &plan).await.expect(StatusCode::CREATED);
    assert_eq!(upload(&file["upload"], b"plan").await, StatusCode::OK);
    assert_eq!(deliver(&object_key(&mut owner, &file).await).await, "stored");
    await_replica(&mut owner).await;

    let location = format!("{files}/{}", file["id"].as_str().unwrap());
    for allowed in [&manager, &staff] {
        let file = allowed.get(&location).await.expect(StatusCode::OK);
        assert!(file["download"]["url"].is_string());
    }
    other.get(&location).await.expect(StatusCode::NOT_FOUND);
    other.get(&files).await.expect(StatusCode::NOT_FOUND);
    other.post(&files, &plan).await.expect(StatusCode::NOT_FOUND);
    let removed = other.send(Method::DELETE, &location, None, &[]).await;
    removed.expect(StatusCode::NOT_FOUND);
    for path in [&files, &location] {
        send(Method::GET, path, None, &[])
            .await
            .expect(StatusCode::UNAUTHORIZED);
    }
    let removed = staff.send(Method::DELETE, &location, None, &[]).await;
    removed.expect(StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn who_sees_a_project_does_not_change_its_files() {
    let mut owner = owner().await;
    let manager = Client::new(&mut owner, "manager", &["project_manager"]).await;
    let other = Client::new(&mut owner, "other", &["member"]).await;
    let mine = project(&mut owner, &manager.member, "PUBLIC", "PUBLISHED").await;
    let theirs = project(&mut owner, &other.member, "PUBLIC", "PUBLISHED").await;
    let files = format!("/v1/projects/{mine}/files");
    let plan = announced("Plan.pdf", "application/pdf", b"plan");
    other.post(&files, &plan).await.expect(StatusCode::FORBIDDEN);
    let file = manager.post(&files, &plan).await.expect(StatusCode::CREATED);
    let id = file["id"].as_str().unwrap();
    let removed = other
        .send(Method::DELETE, &format!("{files}/{id}"), None, &[])
        .await;
    removed.expect(StatusCode::FORBIDDEN);
    // A file is not reached by way of another project, either.
    let astray = format!("/v1/projects/{theirs}/files/{id}");
    manager
        .send(Method::DELETE, &astray, None, &[])
        .await
        .expect(StatusCode::NOT_FOUND);
    await_replica(&mut owner).await;
    manager.get(&astray).await.expect(StatusCode::NOT_FOUND);
    manager.get(&format!("{files}/{id}")).await.expect(StatusCode::OK);
}
