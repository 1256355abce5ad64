//! Random accounts, and what a list of them shows, worked out in memory and in another way than the database does.

use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use uuid::Uuid;

use crate::support::{owner, run};

/// How many accounts there are.
const ACCOUNTS: usize = 40;
const FIRMS: [&str; 4] = [
    "Peña Builders",
    "O'Brien & Sons",
    "100% Steel_Works",
    "Zürich Roofing",
];
const ROLES: [&str; 3] = ["support", "finance", "event_manager"];

/// An account as it was made.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: Uuid,
    email: String,
    first_name: String,
    last_name: String,
    company: Option<&'static str>,
    licence: Option<String>,
    status: &'static str,
    member_type: &'static str,
    /// The roles that it holds now.
    roles: Vec<&'static str>,
    /// Minutes before the last.
    age: u32,
    is_closed: bool,
}

/// A list that is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) words: Vec<String>,
    pub(crate) statuses: Vec<&'static str>,
    pub(crate) roles: Vec<&'static str>,
    pub(crate) member_types: Vec<&'static str>,
    pub(crate) newest: bool,
}

impl Asked {
    /// Something at random, of the accounts with a marker.
    pub(crate) fn draw(random: &mut StdRng, marker: &str) -> Self {
        let mut some = |all: &[&'static str], odds: f64| -> Vec<&'static str> {
            if random.random_bool(odds) {
                return Vec::new();
            }
            all.iter().copied().filter(|_| random.random_bool(0.5)).collect()
        };
        let (statuses, roles, member_types) = (
            some(&["pending", "active", "suspended"], 0.5),
            some(&ROLES, 0.6),
            some(&["REGULAR", "ADMIN"], 0.6),
        );
        let mut words = vec![marker.to_owned()];
        if random.random_bool(0.5) {
            let more = [
                "pena", "BRIEN", "100%", "l_w", "zurich", "p1", "@example", "steel_", "É", "roof ing", "8",
            ];
            words.push((*more.choose(random).unwrap()).to_owned());
        }
        Self {
            words,
            statuses,
            roles,
            member_types,
            newest: random.random_bool(0.5),
        }
    }

    pub(crate) fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &self.words.join(" "));
        let lists = [
            ("status", &self.statuses),
            ("role", &self.roles),
            ("memberType", &self.member_types),
        ];
        for (name, values) in lists {
            query.extend_pairs(values.iter().map(|value| (name, value)));
        }
        query.append_pair("sort", if self.newest { "newest" } else { "name" });
        query.finish()
    }
}

/// Without case and the accents that occur here.
fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'ñ' | 'Ñ' => 'n',
        'ü' | 'Ü' => 'u',
        'é' | 'É' => 'e',
        other => other,
    };
    text.chars().map(plain).collect::<String>().to_lowercase()
}

impl Account {
    fn is_asked_for(&self, asked: &Asked) -> bool {
        let mut text = format!("{} {} {}", self.email, self.first_name, self.last_name);
        for more in [self.company, self.licence.as_deref()].into_iter().flatten() {
            text = format!("{text} {more}");
        }
        let text = folded(&text);
        let words = asked.words.iter().flat_map(|word| word.split_whitespace());
        words.into_iter().all(|word| text.contains(&folded(word)))
            && (asked.statuses.is_empty() || asked.statuses.contains(&self.status))
            && (asked.roles.is_empty() || asked.roles.iter().any(|role| self.roles.contains(role)))
            && (asked.member_types.is_empty() || asked.member_types.contains(&self.member_type))
            && !self.is_closed
    }
}

/// The ids that a list shows, in its order.
pub(crate) fn expected(accounts: &[Account], asked: &Asked) -> Vec<String> {
    let mut found: Vec<&Account> = accounts
        .iter()
        .filter(|account| account.is_asked_for(asked))
        .collect();
    if asked.newest {
        found.sort_by_key(|account| (account.age, std::cmp::Reverse(account.id)));
    } else {
        found.sort_by_key(|account| (account.last_name.clone(), account.first_name.clone(), account.id));
    }
    found.iter().map(|account| account.id.to_string()).collect()
}

/// Random accounts whose last names hold a marker; many have the same names and times.
pub(crate) async fn accounts(random: &mut StdRng, marker: &str) -> Vec<Account> {
    let mut accounts = Vec::new();
    for number in 0..ACCOUNTS {
        let licence = random
            .random_bool(0.3)
            .then(|| random.random_range(10_000_000..99_999_999_u32).to_string());
        accounts.push(Account {
            id: Uuid::now_v7(),
            email: format!("p{number}.{}@example.org", Uuid::new_v4().simple()),
            first_name: format!("first{}", random.random_range(0..4)),
            last_name: format!("{marker}{}", ['a', 'b', 'c'].choose(random).unwrap()),
            company: random.random_bool(0.7).then(|| *FIRMS.choose(random).unwrap()),
            licence,
            status: ["pending", "active", "suspended"].choose(random).unwrap(),
            member_type: ["REGULAR", "ADMIN"].choose(random).unwrap(),
            roles: ROLES
                .iter()
                .copied()
                .filter(|_| random.random_bool(0.3))
                .collect(),
            age: random.random_range(0..6),
            is_closed: random.random_bool(0.1),
        });
    }
    for account in &accounts {
        store(random, account).await;
    }
    accounts
}

async fn store(random: &mut StdRng, account: &Account) {
    if let Some(licence) = &account.licence {
        run(&format!("INSERT INTO licences (license_number, region) VALUES ('{licence}', 'NORTH') ON CONFLICT DO NOTHING")).await;
    }
    let mut owner = owner().await;
    sqlx::query(
        "INSERT INTO users (id, email, first_name, last_name, company, contractor_license, member_type, is_verified, is_active, approved_at,
            created_at, deleted_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, true, $8 <> 'suspended', CASE WHEN $8 <> 'pending' THEN now() END,
            '2026-01-01'::timestamptz - $9 * interval '1 minute', CASE WHEN $10 THEN now() END)",
    )
    .bind(account.id)
    .bind(&account.email)
    .bind(&account.first_name)
    .bind(&account.last_name)
    .bind(account.company)
    .bind(&account.licence)
    .bind(account.member_type)
    .bind(account.status)
    .bind(i32::try_from(account.age).unwrap())
    .bind(account.is_closed)
    .execute(&mut owner)
    .await
    .unwrap();
    for role in ROLES {
        // One that has run out is none.
        let until = match account.roles.contains(&role) {
            true if random.random_bool(0.5) => "NULL",
            true => "now() + interval '1 day'",
            false if random.random_bool(0.3) => "now() - interval '1 day'",
            false => continue,
        };
        run(&format!(
            "INSERT INTO user_roles (user_id, role_id, expires_at) SELECT '{}', id, {until} FROM roles WHERE name = '{role}'",
            account.id
        ))
        .await;
    }
}
