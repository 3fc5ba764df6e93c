//! Records that are replayed, as lines: the record, and below it each of its blocks and files.
use crate::report::replay::{BlockRow, RecordRow};
use crate::types::Fork;
use std::fmt::Write as _;

/// Writes a record.
pub fn replay_text(row: &RecordRow, out: &mut String) {
    // Writing to a text never fails.
    let _ =
        writeln!(out, "{:<14} {:>10}  {}", row.start_lsn.to_string(), row.xid.0, row.record_type);
    for of in &row.blocks {
        block(of, out);
    }
    if let Some(file) = &row.file {
        let _ = writeln!(out, "    {}: {}", file.action, file.subject);
    }
}

fn block(of: &BlockRow, out: &mut String) {
    let _ = write!(out, "    {}", of.relation);
    if of.fork != Fork::Main {
        let _ = write!(out, " {}", of.fork);
    }
    let _ = write!(out, " block {}: {}", of.block, of.outcome.name());
    if of.page_lsn.is_valid() {
        let _ = write!(out, ", page was at {}", of.page_lsn);
    }
    if of.extended > 0 {
        let _ = write!(out, ", {} blocks added", of.extended);
    }
    out.push_str(if of.healed { ", damage healed\n" } else { "\n" });
}

#[cfg(test)]
mod tests {
    use super::replay_text;
    use crate::report::replay::{BlockOutcome, BlockRow, RecordRow};
    use crate::types::{BlockNumber, Fork, Lsn, Xid};

    #[test]
    fn a_record_has_a_line_and_each_block_one() {
        let block = BlockRow {
            relation: "lab.public.t".into(),
            fork: Fork::Vm,
            block: BlockNumber(3),
            outcome: BlockOutcome::Restored,
            page_lsn: Lsn(0x123),
            extended: 2,
            healed: true,
        };
        let row = RecordRow {
            start_lsn: Lsn(0x0500_0028),
            end_lsn: Lsn(0x0500_0060),
            xid: Xid(742),
            record_type: "Heap2/VISIBLE".into(),
            blocks: vec![block],
            file: None,
        };
        let mut text = String::new();
        replay_text(&row, &mut text);
        let expected = "\
0/5000028             742  Heap2/VISIBLE
    lab.public.t vm block 3: restored, page was at 0/123, 2 blocks added, damage healed
";
        assert_eq!(text, expected);
    }
}
