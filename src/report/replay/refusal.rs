//! Why a server would not start: what it would say.
use serde::Serialize;

/// A message with which startup ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Refusal {
    /// "FATAL" or "PANIC".
    pub severity: &'static str,
    /// The message, word for word.
    pub message: String,
    /// Its DETAIL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Its HINT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Refusal {
    /// One that ends the startup process.
    pub fn fatal(message: impl Into<String>) -> Self {
        Self { severity: "FATAL", message: message.into(), detail: None, hint: None }
    }

    /// One that brings the server down.
    pub fn panic(message: impl Into<String>) -> Self {
        Self { severity: "PANIC", ..Self::fatal(message) }
    }

    /// With a DETAIL.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// With a HINT.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}
