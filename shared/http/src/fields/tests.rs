use super::*;
use portal_domain::text::Line;
use serde_json::json;

#[derive(Debug, PartialEq, Serialize)]
struct Post {
    title: Line<10>,
    city: Option<Line<10>>,
    shown: Shown,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Shown {
    All,
    Nobody,
}

impl FromFields for Post {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let title = fields.required("title");
        let city = fields.optional("city");
        let shown = fields.defaulted("shown").unwrap_or(Shown::All);
        Some(Self {
            title: title?,
            city,
            shown,
        })
    }
}

fn pointers(problem: &Problem) -> Vec<&str> {
    problem
        .faults()
        .iter()
        .map(|fault| fault.pointer.as_str())
        .collect()
}

fn patch(value: Value) -> MergePatch {
    let Value::Object(fields) = value else {
        unreachable!()
    };
    MergePatch(fields)
}

#[test]
fn an_answer_names_every_fault() {
    let problem = parse::<Post>(br#"{"city": 7, "colour": "red"}"#).unwrap_err();
    assert_eq!(pointers(&problem), ["/body/title", "/body/city", "/body/colour"]);
}

#[test]
fn a_merge_patch_keeps_sets_and_clears() {
    let post = parse::<Post>(br#"{"title": " a ", "city": "Oakland"}"#).unwrap();
    let renamed: Post = patch(json!({"title": "b"})).over(&post).unwrap();
    assert_eq!((&*renamed.title, renamed.city.as_deref()), ("b", Some("Oakland")));
    let homeless: Post = patch(json!({"city": null})).over(&post).unwrap();
    assert_eq!((&*homeless.title, homeless.city), ("a", None));
}

#[test]
fn a_merge_patch_names_every_fault() {
    let post = parse::<Post>(br#"{"title": "a"}"#).unwrap();
    let refusal = patch(json!({"title": null, "city": "", "colour": 1})).over::<Post>(&post);
    assert_eq!(
        pointers(&refusal.unwrap_err()),
        ["/body/title", "/body/city", "/body/colour"]
    );
}

#[test]
fn objects_inside_are_merged_too() {
    let mut target = json!({"a": {"b": 1, "c": 2}, "d": 3});
    merge(&mut target, json!({"a": {"b": null, "e": {"f": null}}, "d": [4]}));
    assert_eq!(target, json!({"a": {"c": 2, "e": {}}, "d": [4]}));
}

#[test]
fn an_object_inside_names_its_faults_from_itself() {
    let Value::Object(values) = json!({"title": "", "body": 1}) else {
        unreachable!()
    };
    let faults = object::<Post>(values).unwrap_err();
    let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/title", "/body"]);
}

#[test]
fn a_body_is_an_object() {
    for body in ["[]", "1", "null", "\"x\""] {
        assert_eq!(
            pointers(&parse::<Post>(body.as_bytes()).unwrap_err()),
            ["/body"],
            "{body}"
        );
    }
}

#[test]
fn the_fields_are_known_by_name() {
    assert_eq!(names::<Post>(), ["city", "shown", "title"]);
}

#[test]
fn what_has_a_default_is_not_cleared_to_it() {
    let post = parse::<Post>(br#"{"title": "a", "shown": "NOBODY"}"#).unwrap();
    let kept: Post = patch(json!({"title": "b"})).over(&post).unwrap();
    assert_eq!(kept.shown, Shown::Nobody);
    let cleared = [json!({"shown": null}), json!({"shown": {"inside": null}})];
    for (patched, pointer) in cleared.into_iter().zip(["/body/shown", "/body/shown/inside"]) {
        let refusal = patch(patched).over::<Post>(&post).unwrap_err();
        assert_eq!(pointers(&refusal), [pointer]);
    }
    let refusal = parse::<Post>(br#"{"title": "a", "shown": null}"#).unwrap_err();
    assert_eq!(pointers(&refusal), ["/body/shown"]);
    assert_eq!(parse::<Post>(br#"{"title": "a"}"#).unwrap().shown, Shown::All);
}

#[test]
fn a_word_that_is_none_of_a_set_is_told_which_there_are() {
    let refusal = parse::<Post>(br#"{"city": "too long a name", "shown": "SOME"}"#).unwrap_err();
    let told: Vec<_> = refusal
        .faults()
        .iter()
        .map(|fault| (fault.pointer.as_str(), fault.detail.as_str()))
        .collect();
    assert_eq!(told[0], ("/body/title", "is required"));
    assert_eq!(told[1].0, "/body/city");
    assert_eq!(told[2], ("/body/shown", "must be one of ALL, NOBODY"));
}
