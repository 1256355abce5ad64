//! The trigger edge: what functions need that are started by S3, by a schedule or by a person and not by an HTTP request.
//!
//! [`Trigger`] tells the kinds of events apart, [`Deadline`] says when to stop, and [`ObjectStore`] streams objects in constant
//! memory. What a run did is reported by `portal_data::metrics`.

mod deadline;
mod object;
mod store;
mod stream;
mod trigger;
mod upload;

pub use deadline::Deadline;
pub use object::{ObjectError, ObjectHead, ObjectKey};
pub use store::ObjectStore;
pub use stream::ObjectStream;
pub use trigger::{ObjectCreated, Trigger, TriggerError};
pub use upload::Upload;
