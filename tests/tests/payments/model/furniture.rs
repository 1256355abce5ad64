//! What stands on the ground, and how a function dies on it.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use portal_data::payments::Terms;
use portal_domain::event::SeatTerms;
use portal_domain::membership::MembershipTerms;
use sqlx::PgConnection;
use uuid::Uuid;

/// Fewer than there are members.
const SEATS: i32 = 2;

/// What can be bought.
pub(crate) struct Things {
    pub(crate) small: Uuid,
    pub(crate) large: Uuid,
    pub(crate) event: Uuid,
    pub(crate) course: Uuid,
}

pub(crate) fn terms() -> Terms {
    Terms {
        seats: SeatTerms {
            hold: time::Duration::HOUR,
            offer: time::Duration::DAY,
            no_show: time::Duration::HOUR,
        },
        membership: MembershipTerms::default(),
    }
}

pub(crate) async fn furnish(owner: &mut PgConnection, staff: Uuid) -> Things {
    let things = Things {
        small: Uuid::now_v7(),
        large: Uuid::now_v7(),
        event: Uuid::now_v7(),
        course: Uuid::now_v7(),
    };
    let Things {
        small,
        large,
        event,
        course,
    } = &things;
    let statements = format!(
        "INSERT INTO membership_tiers (id, name, price_cents, duration_months)
        VALUES ('{small}', 'Small', 12000, 12), ('{large}', 'Large', 60000, 12);
        INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at, max_capacity, price_cents, published_at)
        VALUES ('{event}', '{staff}', 'A gala', 'AWARDS', 'REGISTRATION_OPEN', now() + interval '30 days', now() + interval '31 days',
            {SEATS}, 2000, now());
        INSERT INTO courses (id, author_id, title, difficulty, price_cents, is_published, published_at)
        VALUES ('{course}', '{staff}', 'Estimating', 'BEGINNER', 4000, true, now())"
    );
    sqlx::raw_sql(&statements).execute(owner).await.unwrap();
    things
}

/// Runs a function that dies after so many polls: what it has not got to by then is never done.
pub(crate) async fn dying(after: Option<u8>, work: impl Future<Output = ()>) {
    let mut work = pin!(work);
    let mut left = after.map(u32::from);
    std::future::poll_fn(move |context| {
        if let Some(left) = &mut left {
            if *left == 0 {
                return Poll::Ready(());
            }
            *left -= 1;
        }
        work.as_mut().poll(context)
    })
    .await;
}
