//! Random people with random settings, and the rule of who sees what of them.

use portal_domain::geo::LatLng;
use portal_tests::members::Member;
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::json;
use uuid::Uuid;

use crate::support::{Someone, owner};

/// How many there are.
pub(crate) const PEOPLE: usize = 24;
const AUDIENCES: [&str; 3] = ["EVERYONE", "MEMBERS", "NOBODY"];

pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) city: String,
    pub(crate) street: String,
    pub(crate) place: LatLng,
    /// Who sees e-mail, phone and address; `None` where the member has never said.
    pub(crate) audience: [Option<&'static str>; 3],
}

impl Person {
    pub(crate) fn shows(&self, field: usize, viewer: &Viewer) -> bool {
        viewer.is_staff || viewer.id == self.id || self.audience[field] != Some("NOBODY")
    }
}

pub(crate) struct Viewer {
    pub(crate) someone: Someone,
    pub(crate) id: String,
    pub(crate) is_staff: bool,
}

/// A place in thousandths of a degree: so few digits read back from JSON as the same number.
pub(crate) fn place(lat: i32, lng: i32) -> LatLng {
    LatLng::new(f64::from(lat) / 1000.0, f64::from(lng) / 1000.0).unwrap()
}

/// People whose last name is the marker, in four cities that nobody else lives in, all within a few miles of the middle.
pub(crate) async fn people(random: &mut StdRng, marker: &str, middle: (i32, i32)) -> Vec<Person> {
    let mut owner = owner().await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        let name = format!("{marker}-{number}");
        let member = Member::add(&mut owner, &name, &[]).await;
        let place = place(
            middle.0 + random.random_range(-500..500),
            middle.1 + random.random_range(-500..500),
        );
        let person = Person {
            id: member.id.to_string(),
            email: format!("{name}@example.org"),
            phone: format!("+1916{:07}", random.random_range(0..10_000_000)),
            city: format!("{marker} City {}", random.random_range(0..4)),
            street: format!("{number:02} {marker}way"),
            place,
            audience: [0, 1, 2].map(|_| {
                random
                    .random_bool(0.8)
                    .then(|| AUDIENCES[random.random_range(0..3)])
            }),
        };
        store(&mut owner, member.id, marker, &person).await;
        people.push(person);
    }
    people
}

async fn store(owner: &mut sqlx::PgConnection, id: Uuid, marker: &str, person: &Person) {
    let mut visibility = json!({});
    for (field, audience) in ["email", "phone", "address"].iter().zip(person.audience) {
        if let Some(audience) = audience {
            visibility[*field] = json!(audience);
        }
    }
    sqlx::query(
        "UPDATE users SET first_name = 'Person', last_name = $2, phone = $3, city = $4, state = $2 || 'state', street = $5, zip = '94607',
            coordinates = ST_Point($6, $7, 4326)::geography, field_visibility = $8
        WHERE id = $1",
    )
    .bind(id)
    .bind(marker)
    .bind(&person.phone)
    .bind(&person.city)
    .bind(&person.street)
    .bind(person.place.lng())
    .bind(person.place.lat())
    .bind(visibility)
    .execute(owner)
    .await
    .unwrap();
}
