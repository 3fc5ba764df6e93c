//! What pg_waldump says beside its answer.
use crate::cli::output;
use crate::format::wal::{Failure, WalFault};
use crate::types::Lsn;
use crate::wal::Log;
use std::io::{self, Write};

/// Speaks as pg_waldump of the major does.
pub(super) struct Waldump<'l> {
    pub(super) log: &'l Log,
    /// Where it was to begin.
    pub(super) from: Lsn,
}

impl Waldump<'_> {
    /// What pg_waldump says when its start is not the start of a record.
    pub(super) fn skipped(&self, first: Lsn, out: &mut dyn Write) -> io::Result<()> {
        let layout = self.log.dialect.layout;
        let from = self.from;
        let segment_size = u64::from(self.log.shape.segment_size);
        if from >= first || from.0.is_multiple_of(segment_size) {
            return Ok(());
        }
        let bytes = first.0.saturating_sub(from.0);
        let plural = if bytes == 1 { "" } else { "s" };
        let (from, first) = (layout.lsn_text(from), layout.lsn_text(first));
        let line =
            format!("first record is after {from}, at {first}, skipping over {bytes} byte{plural}");
        if layout.waldump_words().skipping_on_stderr {
            output::say(&format!("pg_waldump: {line}"));
            Ok(())
        } else {
            writeln!(out, "{line}")
        }
    }

    /// What pg_waldump says when there is no whole record between its start and its end.
    pub(super) fn nothing(&self) {
        let layout = self.log.dialect.layout;
        let (grave, from) = (layout.waldump_words().grave, layout.lsn_text(self.from));
        output::say(&format!("pg_waldump: {grave}: could not find a valid record after {from}"));
    }

    /// What pg_waldump says of a record that it cannot read.
    pub(super) fn complain(&self, after: Option<Lsn>, failure: &Failure) {
        let layout = self.log.dialect.layout;
        let words = layout.waldump_words();
        let inside = failure.fault.is_of_record_only();
        let own = inside && words.names_record_itself;
        let before = if inside && !own { after } else { None };
        let record = before.unwrap_or(failure.record);
        let said = Failure { record, ..*failure }.said(layout);
        let at = layout.lsn_text(if own { failure.record } else { after.unwrap_or_default() });
        let line = match (failure.fault, after) {
            // These are its own, not its reader's.
            (WalFault::Missing, _) => format!("{said}: No such file or directory"),
            (WalFault::Short { .. }, _) => said,
            (_, None) if self.from.is_valid() => {
                let from = layout.lsn_text(self.from);
                let why = if words.says_why_none { format!(": {said}") } else { String::new() };
                format!("could not find a valid record after {from}{why}")
            }
            _ => format!("error in WAL record at {at}: {said}"),
        };
        output::say(&format!("pg_waldump: {}: {line}", words.grave));
    }
}
