//! A hidden address takes part in no filter, facet or distance; hidden fields are no words.

use serde_json::Value;

use crate::support::{Asker, add_member, facet, ids, marker};

#[tokio::test]
async fn a_hidden_address_takes_part_in_nothing() {
    let (word, city) = (marker(), marker());
    let place = format!(
        "city = '{city}', street = '5 {word}way', coordinates = ST_Point(-121.5, 41.3, 4326)::geography, phone = '+14155550123'"
    );
    let shown = add_member(&word, &place).await.id.to_string();
    let hidden_member = add_member(
        &word,
        &format!("{place}, field_visibility = '{{\"address\": \"NOBODY\"}}'"),
    )
    .await;
    let hidden = hidden_member.id.to_string();
    let (_, member) = Asker::with(&["member"]).await;
    let (_, staff) = Asker::with(&["support"]).await;
    let own = Asker::member(&hidden_member).await;
    for (asker, sees) in [(&member, false), (&staff, true), (&own, true)] {
        let list = asker.search(&word, "").await;
        assert_eq!(ids(&list).len(), 2);
        let item = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["id"] == hidden.as_str())
            .unwrap();
        assert_eq!(
            item["city"],
            if sees {
                Value::from(city.as_str())
            } else {
                Value::Null
            }
        );
        let expected = if sees { 2 } else { 1 };
        assert_eq!(facet(&list, "cities"), [(city.clone(), expected)]);
        for rest in [
            format!("&city={city}"),
            "&near=41.3,-121.5&radiusMiles=3".to_owned(),
        ] {
            let found = asker.ids(&word, &rest).await;
            assert!(found.contains(&shown), "{rest}");
            assert_eq!(found.contains(&hidden), sees, "{rest}");
        }
    }
}

#[tokio::test]
async fn neither_address_nor_contact_are_words_of_a_search() {
    let (word, city, street) = (marker(), marker(), marker());
    let email = format!("{}@example.org", marker());
    let changes = format!("city = '{city}', street = '{street}', email = '{email}', phone = '+14155550177'");
    add_member(&word, &changes).await;
    let (_, staff) = Asker::with(&["support"]).await;
    assert_eq!(staff.ids(&word, "&types=MEMBER").await.len(), 1);
    for q in [city, street, email, "4155550177".to_owned()] {
        let list = staff.search(&format!("\"{q}\""), "&types=MEMBER").await;
        assert_eq!(ids(&list), Vec::<String>::new(), "{q}");
    }
}
