//! What comes of the sample events of the function `files`.

use aws_sdk_s3::primitives::ByteStream;
use serde_json::json;

use crate::bundle::{Bundle, stack};
use crate::sample::read;

/// A file of the sample project that waits for its nine bytes.
const FILE: &str = "
    INSERT INTO project_files (id, project_id, object_key, name, media_type, size_bytes, checksum_sha256, uploaded_by)
    VALUES ('0198a7c0-0000-7000-8000-000000000003', '0198a7c0-0000-7000-8000-000000000001',
        'projects/0a3f6c1e-8b52-4d7e-9c40-5e2d7b91a6f3', 'Drawings.txt', 'text/plain', 9,
        'CpXMizv2FYgQDwt3RO7Pm2DsA17Kcdhj8CepIMDxiHQ=', '0198a7c0-0000-7000-8000-000000000002')";

pub async fn replay(bundle: &mut Bundle, event: &str) {
    match event {
        "files.json" => stores(bundle, event).await,
        "files-schedule.json" => {
            let answer = bundle.invoke("files", &read(event)).await;
            assert_eq!(
                (&answer["swept"]["orphans"], &answer["swept"]["cursor"]),
                (&json!(0), &json!(null))
            );
        }
        other => panic!("events/{other} has no expectation: say here what comes of it"),
    }
}

/// The object of the event is the one that a row announces, which is an addendum.
async fn stores(bundle: &mut Bundle, event: &str) {
    bundle.execute(FILE).await;
    let sample = read(event);
    let written = &sample["Records"][0]["s3"];
    let (bucket, key) = (
        written["bucket"]["name"].as_str().unwrap(),
        written["object"]["key"].as_str().unwrap(),
    );
    let s3 = stack().s3().await;
    let request = s3.put_object().bucket(bucket).key(key).content_type("text/plain");
    request
        .body(ByteStream::from_static(b"drawings\n"))
        .send()
        .await
        .unwrap();
    let answer = bundle.invoke("files", &sample).await;
    assert_eq!(answer, json!({ "objects": [[key, "stored"]] }));
    let summaries = "SELECT jsonb_agg(summary) FROM addenda";
    assert_eq!(bundle.scalar(summaries).await, json!(["New file: Drawings.txt"]));
}
