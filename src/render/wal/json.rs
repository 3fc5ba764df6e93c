//! Records as JSON: one line each, of the lists that report::wal::dump describes.
use crate::format::wal::rmgr::{self, Body, Hex};
use crate::format::wal::{BlockRef, Located, Record};
use crate::layout::Dialect;
use crate::report::wal::dump::{BlockRow, GapRow, ImageRow, RecordRow};
use crate::report::wal::tuple::TupleRow;
use crate::types::RelFileLocator;
use crate::wal::{Gap, Keys, Names};
use serde::Serialize;

/// Writes records so.
#[derive(Debug, Clone, Copy)]
pub struct WalJson<'d> {
    /// How records are read.
    pub dialect: &'d Dialect,
    /// What relations are called.
    pub names: &'d Names<'d>,
    /// What index tuples hold.
    pub keys: &'d Keys<'d>,
}

/// One item of one list.
#[derive(Serialize)]
struct Line<T> {
    list: &'static str,
    item: T,
}

impl WalJson<'_> {
    /// Writes one record.
    pub fn record(&self, located: &Located<'_>, record: &Record<'_>, out: &mut Vec<u8>) {
        line("records", self.row(located, record), out);
    }

    /// Writes that records, or the rest of one, cannot be read.
    pub fn gap(&self, gap: &Gap, out: &mut Vec<u8>) {
        let failure = &gap.failure;
        let row = GapRow {
            lsn: failure.record,
            timeline: failure.timeline,
            file: failure.segment(),
            byte: failure.page_offset(),
            after: gap.after,
            resumed: gap.resumed,
            message: failure.said(self.dialect.layout),
        };
        line("gaps", row, out);
    }

    fn row<'a>(&self, located: &Located<'_>, record: &Record<'a>) -> RecordRow<'a> {
        let (header, layout) = (record.header, self.dialect.layout);
        let data = Body::parse(record, self.dialect).ok();
        let mut tuples = data.as_ref().map_or_else(Vec::new, |body| self.keys.of(record, body));
        let main_data = data.is_none().then_some(Hex(record.main));
        RecordRow {
            start_lsn: located.lsn,
            end_lsn: located.next,
            prev_lsn: header.xl_prev,
            timeline: located.timeline,
            xid: header.xl_xid,
            toplevel_xid: record.toplevel_xid,
            origin: record.origin,
            resource_manager: rmgr::name(header.xl_rmid),
            rmid: header.xl_rmid,
            record_type: rmgr::identify(header.xl_rmid, header.info(), layout),
            info: header.xl_info,
            record_length: header.xl_tot_len,
            main_data_length: record.main.len() as u64,
            fpi_length: record.fpi_len(),
            crc: header.xl_crc,
            overwrites: located.overwritten,
            description: data.as_ref().map_or_else(String::new, |body| body.description(layout)),
            blocks: record.blocks.iter().map(|block| self.block(block, &mut tuples)).collect(),
            data,
            main_data,
        }
    }

    /// `tuples` are those of the record, of which the block takes its own.
    fn block<'a>(&self, block: &BlockRef<'a>, tuples: &mut Vec<(u8, TupleRow)>) -> BlockRow<'a> {
        let RelFileLocator { tablespace, database, number } = block.locator;
        let named = self.names.get(block.locator);
        BlockRow {
            block_id: block.id,
            relation: named.as_ref().map(|named| named.name.clone()),
            historical: named.is_some_and(|named| named.old.is_some()),
            reltablespace: tablespace,
            reldatabase: database,
            relfilenode: number,
            fork: block.fork,
            relblocknumber: block.block,
            will_init: block.will_init(),
            image: block.image.as_ref().map(ImageRow::of),
            block_data: block.has_data().then_some(Hex(block.data)),
            index_tuples: tuples
                .extract_if(.., |(id, _)| *id == block.id)
                .map(|(_, row)| row)
                .collect(),
        }
    }
}

fn line(list: &'static str, item: impl Serialize, out: &mut Vec<u8>) {
    // Neither a text nor these types can fail.
    let _ = serde_json::to_writer(&mut *out, &Line { list, item });
    out.push(b'\n');
}
