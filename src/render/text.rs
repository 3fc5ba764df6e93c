//! Text for people.
use crate::report::{Envelope, Present};

/// How text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal; `None` if it goes elsewhere, where tables are as wide as they are.
    pub width: Option<usize>,
    /// Whether to colour.
    pub color: bool,
}

/// The whole report.
pub fn text<T: Present>(envelope: &Envelope<T>, style: &Style) -> String {
    let _ = style;
    format!("{:#?}\n", envelope.report.present())
}
