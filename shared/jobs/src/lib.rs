//! The trigger edge: what functions need that are started by S3, by a schedule or by a person and not by an HTTP request.
//!
//! [`Trigger`] tells the kinds of events apart, [`Deadline`] says when to stop, and [`ObjectStore`] streams objects in constant
//! memory. [`FileBucket`] signs addresses for members' files and [`Invoker`] asks for the work of another
//! function, for functions of either edge. What a run did is reported by `portal_data::metrics`.

mod bucket;
mod clock;
mod deadline;
mod erase;
mod invoke;
mod object;
mod small;
mod store;
mod stream;
mod trigger;
mod unfinished;
mod upload;

pub use bucket::{DOWNLOAD_LIFETIME, FileBucket, UPLOAD_LIFETIME, largest_file};
pub use clock::Clock;
pub use deadline::Deadline;
pub use erase::ListedObject;
pub use invoke::Invoker;
pub use object::{ObjectError, ObjectHead, ObjectKey};
pub use store::ObjectStore;
pub use stream::ObjectStream;
pub use trigger::{ObjectCreated, Trigger, TriggerError};
pub use unfinished::UnfinishedUpload;
pub use upload::Upload;
