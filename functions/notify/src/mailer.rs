//! SES: sending one mail, and what its refusals mean.

use std::time::Duration;

use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::error::{BuildError, DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag};
use portal_domain::mail::Rendered;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Carries the mail's own id. SES gives every mail that it takes a new `Message-ID`, so by that a repetition cannot be told.
pub const MESSAGE_ID_HEADER: &str = "X-Portal-Message-Id";

/// The same id as a tag, by which SES's events about deliveries and bounces name the mail.
const MESSAGE_ID_TAG: &str = "portal-message-id";

/// How long SES may take to answer.
pub(crate) const SEND_LIMIT: Duration = Duration::from_secs(10);

/// Why SES did not take a mail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It never takes this mail.
    #[error("SES refuses the mail: {0}")]
    Permanent(String),
    /// It takes no mails at such a rate, or none today.
    #[error("SES takes no more mails for now: {0}")]
    Throttled(String),
    /// It did not answer, or could not do its work, or takes no mails of ours until something is set right.
    #[error("SES did not take the mail: {0}")]
    Passing(String),
}

/// One mail as it goes out.
pub(crate) struct Outgoing<'a> {
    pub(crate) id: Uuid,
    pub(crate) from: &'a str,
    pub(crate) recipient: &'a str,
    pub(crate) rendered: &'a Rendered,
    /// Where a mail program posts when the receiver wants no more of the kind.
    pub(crate) unsubscribe: Option<&'a str>,
}

/// A client of SES; it is built when the first mail is sent.
#[derive(Clone, Debug, Default)]
pub struct Mailer {
    client: OnceCell<aws_sdk_sesv2::Client>,
}

impl Mailer {
    /// A mailer with the SDK's configuration at hand.
    #[must_use]
    pub fn with_config(config: &aws_sdk_sesv2::config::Builder) -> Self {
        Self {
            client: OnceCell::new_with(Some(client(config.clone()))),
        }
    }

    /// Hands a mail over, and returns SES's id of it.
    pub(crate) async fn send(&self, mail: Outgoing<'_>) -> Result<String, Refusal> {
        let client = self
            .client
            .get_or_init(|| async { client((&portal_data::aws::sdk_config().await).into()) })
            .await;
        let unbuildable = |error: BuildError| Refusal::Permanent(error.to_string());
        let request = client
            .send_email()
            .from_email_address(mail.from)
            .destination(Destination::builder().to_addresses(mail.recipient).build())
            .content(content(&mail).map_err(unbuildable)?)
            .email_tags(
                MessageTag::builder()
                    .name(MESSAGE_ID_TAG)
                    .value(mail.id.to_string())
                    .build()
                    .map_err(unbuildable)?,
            );
        let answer = request.send().await.map_err(|error| refusal(&error))?;
        Ok(answer.message_id().unwrap_or_default().to_owned())
    }
}

/// A client that tries once: after an answer that did not come in time, a second try of the SDK's own might repeat the mail. The
/// outbox tries again, and counts.
fn client(config: aws_sdk_sesv2::config::Builder) -> aws_sdk_sesv2::Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .operation_timeout(SEND_LIMIT)
        .build();
    let config = config
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        .build();
    aws_sdk_sesv2::Client::from_conf(config)
}

fn content(mail: &Outgoing<'_>) -> Result<EmailContent, BuildError> {
    let utf8 = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let header = |name: &str, value: String| MessageHeader::builder().name(name).value(value).build();
    let body = Body::builder()
        .text(utf8(&mail.rendered.text)?)
        .html(utf8(&mail.rendered.html)?);
    let mut message = Message::builder()
        .subject(utf8(&mail.rendered.subject)?)
        .body(body.build())
        .headers(header(MESSAGE_ID_HEADER, mail.id.to_string())?)
        // RFC 3834: keeps "I am away" answers from coming back.
        .headers(header("Auto-Submitted", "auto-generated".to_owned())?);
    if let Some(address) = mail.unsubscribe {
        // RFC 2369, and RFC 8058 for doing it in one step.
        message = message
            .headers(header("List-Unsubscribe", format!("<{address}>"))?)
            .headers(header(
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click".to_owned(),
            )?);
    }
    Ok(EmailContent::builder().simple(message.build()).build())
}

fn refusal(error: &SdkError<SendEmailError>) -> Refusal {
    let Some(service) = error.as_service_error() else {
        return Refusal::Passing(DisplayErrorContext(error).to_string());
    };
    let said = format!(
        "{}: {}",
        service.code().unwrap_or("no code"),
        service.message().unwrap_or("no reason given")
    );
    match service {
        SendEmailError::BadRequestException(_) => Refusal::Permanent(said),
        // Of the same kind is the refusal of a sender that SES has not verified: that is ours to set right, and no mail's fault.
        SendEmailError::MessageRejected(_) if said.contains("not verified") => Refusal::Passing(said),
        SendEmailError::MessageRejected(_) => Refusal::Permanent(said),
        SendEmailError::TooManyRequestsException(_) | SendEmailError::LimitExceededException(_) => {
            Refusal::Throttled(said)
        }
        _ => Refusal::Passing(said),
    }
}
