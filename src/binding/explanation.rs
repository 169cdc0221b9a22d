//! How a request is worked out, as JavaScript gets it.

use napi_derive::napi;

use crate::cache::Outcome;
use crate::error::ResolveError;
use crate::fs::EntryType;
use crate::resolver::{Event, Explanation};

/// What happened while a request was worked out, and what came of it.
#[napi(object, object_from_js = false)]
pub struct JsExplanation {
    /// In order.
    pub events: Vec<JsEvent>,
    /// The answer of the core, if it has one.
    pub answer: Option<String>,
    /// Why Node has to be asked, if it has to.
    pub doubt: Option<String>,
    /// What the answer rests on, a line each, if it can be proved later.
    pub proofs: Option<Vec<String>>,
}

/// A step that begins (`step`), or what was looked at (`path`, `package`, `link`).
#[napi(object, object_from_js = false)]
pub struct JsEvent {
    /// `step`, `path`, `package` or `link`.
    pub kind: String,
    /// The name of the step, or the path.
    pub name: String,
    /// What the step is about, what was found, or where the link leads.
    pub detail: String,
}

impl From<Explanation> for JsExplanation {
    fn from(explanation: Explanation) -> Self {
        let Explanation {
            outcome,
            events,
            proofs,
        } = explanation;
        let doubt = match &outcome {
            Err(ResolveError::Unsure(doubt)) => Some(doubt.reason().to_owned()),
            _ => None,
        };
        let answer = match outcome {
            Ok(Outcome::New(text)) => Some(text),
            _ => None,
        };
        Self {
            events: events.into_iter().map(JsEvent::from).collect(),
            proofs: proofs.filter(|_| answer.is_some()),
            answer,
            doubt,
        }
    }
}

impl From<Event> for JsEvent {
    fn from(event: Event) -> Self {
        let (kind, name, detail) = match event {
            Event::Step { name, subject } => ("step", name.to_owned(), subject),
            Event::Looked { path, found } => ("path", path, name_of(found).to_owned()),
            Event::Package { path, found } => ("package", path, found.to_owned()),
            Event::Linked { path, real } => ("link", path, real),
        };
        Self {
            kind: kind.to_owned(),
            name,
            detail,
        }
    }
}

const fn name_of(found: Option<EntryType>) -> &'static str {
    match found {
        Some(EntryType::File) => "file",
        Some(EntryType::Directory) => "directory",
        None => "absent",
    }
}
