//! Messages: threads between two members, a few of whom hear from everybody.

use anyhow::Result;
use sqlx::PgConnection;
use time::Duration;

use super::copy::Copy;
use super::series::Row;
use super::world::World;
use crate::data::random::Random;
use crate::data::text::uncapitalised;
use crate::data::words::mail::{SENTENCES, SUBJECTS};
use crate::data::words::trades::SKILLS;

/// Members whose inboxes are very heavy: together they are in one thread of seven.
const HEAVY: u64 = 7;

/// The two people of a thread, among the first `accounts` members.
fn thread(world: &World, index: u64, accounts: u64) -> (u64, u64) {
    let random = &mut Random::for_row(world.seed, "thread", index);
    let one = if random.chance(150) {
        random.skewed(HEAVY)
    } else {
        random.below(world.users.count)
    };
    let other = random.below(world.users.count);
    // Who had no account yet is stood in for by somebody who had; nobody writes to oneself.
    let (one, other) = (one % accounts, other % accounts);
    (
        one,
        if other == one {
            (other + 1) % accounts
        } else {
            other
        },
    )
}

/// Loads `messages`.
pub(super) async fn load_messages(world: &World, connection: &mut PgConnection) -> Result<u64> {
    let mut copy = Copy::into(connection, "messages");
    for mut row in world.messages.rows() {
        let (one, other) = thread(world, row.random.skewed(world.threads), world.accounts_at(row.at));
        // A heavy inbox gets more than it answers.
        let answers = row.random.chance(if one < HEAVY { 250 } else { 500 });
        let (sender, receiver) = if answers { (one, other) } else { (other, one) };
        let status = status(world, &mut row, receiver < HEAVY);
        let read_at = matches!(status, "READ" | "ARCHIVED").then(|| {
            let hours = 1 + row.random.skewed(72).cast_signed();
            (row.at + Duration::hours(hours)).min(world.now)
        });
        let subject = if row.random.chance(450) {
            row.random.pick(SUBJECTS)
        } else {
            ""
        };
        copy.row(&[
            ("id", &row.id),
            ("sender_id", &world.users.id(sender)),
            ("receiver_id", &world.users.id(receiver)),
            ("subject", &subject),
            ("content", &content(world, &mut row.random)?),
            ("status", &status),
            ("sent_at", &row.at),
            ("read_at", &read_at),
        ])
        .await?;
    }
    copy.finish().await
}

/// Old messages are read; a heavy inbox keeps some unread for ever.
fn status(world: &World, row: &mut Row, heavy: bool) -> &'static str {
    let days = (world.now - row.at).whole_days();
    let unread = if days < 3 {
        500
    } else if heavy {
        120
    } else if days < 30 {
        60
    } else {
        10
    };
    if row.random.chance(unread) {
        row.random.weighted(&[(1, "SENT"), (3, "DELIVERED")])
    } else {
        row.random.weighted(&[(19, "READ"), (1, "ARCHIVED")])
    }
}

fn content(world: &World, random: &mut Random) -> Result<String> {
    let sentences = 1 + random.skewed(5);
    let mut content = String::new();
    for at in 0..sentences {
        if at > 0 {
            content.push(' ');
        }
        let sentence = random.pick(SENTENCES);
        if sentence.contains('{') {
            let skill = uncapitalised(random.pick(SKILLS));
            let city = world.atlas.draw(random, world.scale.spread())?.city;
            content.push_str(&sentence.replace("{skill}", &skill).replace("{city}", city));
        } else {
            content.push_str(sentence);
        }
    }
    Ok(content)
}

/// One row for each side of each thread, as sending and reading keep them.
const CONVERSATIONS: &str = include_str!("conversations.sql");

/// Fills `conversations` from the messages.
pub(super) async fn load_conversations(_: &World, connection: &mut PgConnection) -> Result<u64> {
    Ok(sqlx::query(CONVERSATIONS)
        .execute(connection)
        .await?
        .rows_affected())
}
