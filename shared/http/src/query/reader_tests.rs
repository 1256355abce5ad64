use super::*;

#[test]
fn every_fault_is_named_at_once() {
    let mut query = QueryReader::parse("limit=-1&city=&near=abc&x=1&x=2&flag=yes&miles=inf").unwrap();
    assert_eq!(query.whole("limit", 1, 100), None);
    assert_eq!(query.text("city", 10), None);
    assert_eq!(query.one::<portal_domain::geo::LatLng>("near"), None);
    assert_eq!(query.flag("flag"), None);
    assert_eq!(query.number("miles", 0.0, 500.0, "miles"), None);
    assert_eq!(query.required::<u32>("id"), None);
    let problem = query.finish().unwrap_err();
    assert_eq!(problem.kind(), ProblemKind::InvalidValues);
    let pointers: Vec<_> = problem
        .faults()
        .iter()
        .map(|fault| fault.pointer.as_str())
        .collect();
    assert_eq!(
        pointers,
        [
            "/query/limit",
            "/query/city",
            "/query/near",
            "/query/flag",
            "/query/miles",
            "/query/id",
            "/query/x"
        ]
    );
    assert!(
        problem.faults()[6]
            .detail
            .contains("limit, city, near, flag, miles, id")
    );
}

#[test]
fn repeated_names_are_alternatives_or_a_fault() {
    let mut query = QueryReader::parse("class=B&class=C-10&city=A&city=B").unwrap();
    assert_eq!(query.texts("class", 9), ["B", "C-10"]);
    assert_eq!(query.text("city", 9), None);
    assert_eq!(
        query.finish().unwrap_err().faults()[0].detail,
        "must be given once"
    );
}

#[test]
fn a_name_is_repeated_so_often_and_no_more() {
    let query = |count: usize| {
        let pairs: Vec<_> = (0..count).map(|value| format!("city=c{value}&city=c0")).collect();
        QueryReader::parse(&pairs.join("&")).unwrap()
    };
    let mut enough = query(MOST_VALUES);
    assert_eq!(enough.texts("city", 9).len(), MOST_VALUES);
    assert!(enough.finish().is_ok());
    let mut many = query(MOST_VALUES + 1);
    assert!(many.texts("city", 9).is_empty());
    let problem = many.finish().unwrap_err();
    assert_eq!(problem.faults()[0].pointer, "/query/city");
    assert_eq!(problem.faults().len(), 1);
}

#[test]
fn what_is_not_percent_encoded_utf_8_is_malformed() {
    for query in ["q=%", "q=%4", "q=%zz", "q=%ff", "%zz=1", "a=1&q=%C3%28", "q=%%41"] {
        let problem = QueryReader::parse(query).unwrap_err();
        assert_eq!(problem.kind(), ProblemKind::MalformedRequest, "{query}");
        assert_eq!(problem.faults().len(), 1);
    }
    let mut query = QueryReader::parse("q=mu%C3%B1oz+%26%20sons&&").unwrap();
    assert_eq!(query.text("q", 20).unwrap(), "muñoz & sons");
    assert!(query.finish().is_ok());
}

#[test]
fn a_nul_and_a_long_text_are_faults() {
    for value in ["%00", "a%00b", "abcdefghijk", "%20"] {
        let mut query = QueryReader::parse(&format!("q={value}")).unwrap();
        assert_eq!(query.text("q", 10), None);
        assert_eq!(query.finish().unwrap_err().faults().len(), 1);
    }
}

#[test]
fn the_canonical_form_ignores_order_and_repetition() {
    let one = QueryReader::parse("b=2&a=1&limit=5&b=2&b=1").unwrap();
    let other = QueryReader::parse("b=1&b=2&a=1").unwrap();
    assert_eq!(one.canonical(&["limit"]), other.canonical(&["limit"]));
}
