//! `Idempotency-Key`: a POST that is sent again does nothing again, and answers the same.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use portal_data::Tx;
use portal_data::idempotency::{self, Claim, KeptAnswer};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::answer::Answer;
use crate::call::Call;
use crate::problem::{Fault, Problem, ProblemKind};

const HEADER: &str = "idempotency-key";

/// The longest key, in characters.
const LONGEST: usize = 255;

/// The key of a request, if it was sent with one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(Option<String>);

impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let key = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(LONGEST))
            .pattern(Some("^[!-~]+$"));
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "A key of the client's for this request, such as a UUID: for 24 hours the same request with the same key does \
                 nothing again, and is answered as it was. Another request with that key is a 422 problem, and one while the \
                 first still runs a 409.",
            ))
            .schema(Some(key));
        vec![parameter.build()]
    }
}

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(HEADER).iter();
        let Some(value) = values.next() else {
            return Ok(Self(None));
        };
        let key = value.to_str().unwrap_or_default();
        let plain = (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if plain && values.next().is_none() {
            return Ok(Self(Some(key.to_owned())));
        }
        Err(Problem::invalid(vec![Fault::header(
            HEADER,
            format!("must be one key of 1 to {LONGEST} visible ASCII characters, such as a UUID"),
        )]))
    }
}

/// The key of a request that has to have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredKey(IdempotencyKey);

impl IntoParams for RequiredKey {
    fn into_params(parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameters = IdempotencyKey::into_params(parameter_in).into_iter();
        let required = parameters.map(|mut parameter| {
            parameter.required = Required::True;
            parameter
        });
        required.collect()
    }
}

impl<S: Sync> FromRequestParts<S> for RequiredKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match IdempotencyKey::from_request_parts(parts, state).await? {
            IdempotencyKey(None) => Err(Problem::invalid(vec![Fault::header(
                HEADER,
                "is required: send a key of your own for this request, such as a UUID, and the same one when it is sent again",
            )])),
            key => Ok(Self(key)),
        }
    }
}

impl std::ops::Deref for RequiredKey {
    type Target = IdempotencyKey;

    fn deref(&self) -> &IdempotencyKey {
        &self.0
    }
}

impl IdempotencyKey {
    /// The answer that was given before, if this request is a retry. It is to be asked first thing in the transaction.
    ///
    /// # Errors
    /// A 409 problem while the first request still runs, a 422 when the key was used with another body, and those of the query.
    pub async fn claim(
        &self,
        tx: &mut Tx,
        call: &Call,
        digest: &[u8; 32],
    ) -> Result<Option<Answer>, Problem> {
        let Some(key) = &self.0 else { return Ok(None) };
        match idempotency::claim(tx, call.route.operation, key, digest).await? {
            Claim::New => Ok(None),
            Claim::Done(kept) => Ok(Some(restored(kept)?)),
            Claim::Running => Err(Problem::new(
                ProblemKind::Conflict,
                "A request with this Idempotency-Key is still running: wait for it, or ask again in a moment.",
            )),
            Claim::OtherRequest => Err(Problem::invalid(vec![Fault::header(
                HEADER,
                "was used for another request: take a new key for what is new",
            )])),
        }
    }

    /// Keeps the answer, in the transaction that did the work.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn keep(
        &self,
        tx: &mut Tx,
        call: &Call,
        digest: &[u8; 32],
        answer: &Answer,
    ) -> Result<(), Problem> {
        let Some(key) = &self.0 else { return Ok(()) };
        let headers = answer.headers.iter();
        let kept = KeptAnswer {
            status: answer.status.as_u16(),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.clone()))
                .collect(),
            body: answer.body.clone(),
        };
        Ok(idempotency::keep(tx, call.route.operation, key, digest, &kept).await?)
    }
}

fn restored(kept: KeptAnswer) -> Result<Answer, Problem> {
    let unreadable = || Problem::internal("a kept answer cannot be read");
    let named = |(name, value): (String, String)| HeaderName::try_from(name).ok().map(|name| (name, value));
    Ok(Answer {
        status: StatusCode::from_u16(kept.status).map_err(|_| unreadable())?,
        headers: kept
            .headers
            .into_iter()
            .map(named)
            .collect::<Option<_>>()
            .ok_or_else(unreadable)?,
        body: kept.body,
    })
}
