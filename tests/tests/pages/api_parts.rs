//! What the modules of the API page work out, without the page around them.

use serde_json::{Value, json};

use crate::support::Page;

async fn told(script: &str) -> Value {
    let page = Page::open("/v1/docs").await;
    page.appears("main h1").await;
    let value = page.eval(script).await;
    page.close().await;
    value
}

#[tokio::test]
async fn requests_are_put_together_and_quoted_for_a_shell() {
    let value = told(
        "const { curlOf, missing, requestOf } = await part('api-request.js');
        const list = { schema: { type: ['array', 'null'] } };
        const operation = { method: 'patch', path: '/v1/things/{id}', parameters: [
          { in: 'path', name: 'id', required: true }, { in: 'query', name: 'class', ...list },
          { in: 'query', name: 'near' }, { in: 'header', name: 'If-Match', required: true }] };
        const values = { 'path:id': 'a/b', 'query:class': 'B, C-10', 'query:near': '37.7,-122.4', 'header:If-Match': '' };
        const request = requestOf(operation, values, { body: `{\"a\": \"it's\"}`, bodyType: 'application/json' });
        return [request.path, request.headers, missing(operation, values), curlOf(request, 'https://x', true)]",
    )
    .await;
    assert_eq!(value[0], "/v1/things/a%2Fb?class=B&class=C-10&near=37.7,-122.4");
    assert_eq!(value[1], json!({"Content-Type": "application/json"}));
    assert_eq!(value[2], json!(["If-Match"]));
    let command = "curl -X PATCH 'https://x/v1/things/a%2Fb?class=B&class=C-10&near=37.7,-122.4' \\
  -H \"Authorization: Bearer $TOKEN\" \\
  -H 'Content-Type: application/json' \\
  -d '{\"a\": \"it'\\''s\"}'";
    assert_eq!(value[3], command);
}

#[tokio::test]
async fn schemas_are_read_through_references_and_may_hold_themselves() {
    let value = told(
        "const { ApiDocument } = await part('api-document.js');
        const { flatten, rules, typeText } = await part('api-schema.js');
        const { exampleOf } = await part('api-example.js');
        const api = new ApiDocument({ paths: {}, components: { schemas: {
          Id: { type: 'string', format: 'uuid' },
          Base: { type: 'object', required: ['id'], properties: { id: { $ref: '#/components/schemas/Id' } } },
          Tree: { description: 'A tree.', allOf: [{ $ref: '#/components/schemas/Base' },
            { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } } }] },
          Maybe: { oneOf: [{ $ref: '#/components/schemas/Id' }, { type: 'null' }] },
        } } });
        const of = (name) => flatten(api, { $ref: `#/components/schemas/${name}` });
        const tree = of('Tree');
        return [Object.keys(tree.properties), tree.required, tree.description, typeText(api, of('Maybe')),
          rules({ minimum: 1, maximum: 100, default: 20 }), rules({ enum: ['A', 'B'] }),
          Object.keys(exampleOf(api, { $ref: '#/components/schemas/Tree' })),
          exampleOf(api, { $ref: '#/components/schemas/Tree' }, { wholly: false })]",
    )
    .await;
    assert_eq!(value[0], json!(["id", "children"]));
    assert_eq!(value[1], json!(["id"]));
    assert_eq!(value[2], "A tree.");
    assert_eq!(value[3], "string (uuid) or null");
    assert_eq!(value[4], json!(["1 to 100", "`20` unless given"]));
    assert_eq!(value[5], json!(["one of `A`, `B`"]));
    assert_eq!(value[6], json!(["id", "children"]));
    assert_eq!(value[7].as_object().unwrap().len(), 1);
}
