//! Records as pg_waldump prints them (`XLogDumpDisplayRecord`, bin/pg_waldump/pg_waldump.c;
//! `XLogRecGetBlockRefInfo`, access/rmgrdesc/xlogdesc.c), byte for byte.
use super::put::{self, Part};
use crate::format::wal::rmgr::{self, Body, Desc};
use crate::format::wal::{BlockRef, Located, Record};
use crate::layout::Dialect;
use crate::types::{Fork, RelFileLocator};
use jiff::tz::TimeZone;
use std::io::Write as _;

/// Writes records so.
#[derive(Debug, Clone, Copy)]
pub struct PgWaldump<'d> {
    /// How records are read.
    pub dialect: &'d Dialect,
    /// Whether each block has its line, with details of its image (`--bkp-details`).
    pub bkp_details: bool,
    /// The zone of times.
    pub zone: &'d TimeZone,
}

impl PgWaldump<'_> {
    /// Writes one record.
    pub fn record(&self, located: &Located<'_>, record: &Record<'_>, out: &mut Vec<u8>) {
        let header = &record.header;
        let mut part = Part::new();
        part.text("rmgr: ").word(&rmgr::name(header.xl_rmid), 11).text(" len (rec/tot): ");
        part.number(header.xl_tot_len.saturating_sub(record.fpi_len()), 6).text("/");
        part.number(header.xl_tot_len, 6).text(", tx: ").number(header.xl_xid.0, 10);
        part.text(", lsn: ").lsn(located.lsn).text(", prev ").lsn(header.xl_prev);
        part.text(", desc: ").end(out);
        self.desc(record, out);
        if self.bkp_details {
            out.push(b'\n');
            record.blocks.iter().for_each(|block| self.details(block, out));
        } else {
            record.blocks.iter().for_each(|block| short(block, out));
            out.push(b'\n');
        }
    }

    fn desc(&self, record: &Record<'_>, out: &mut Vec<u8>) {
        match rmgr::identify(record.header.xl_rmid, record.info(), self.dialect.layout) {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => unknown(record.info(), out),
        }
        out.push(b' ');
        // A record too short for its type has no more words: pg_waldump would read beyond it.
        if let Ok(body) = Body::parse(record, self.dialect) {
            // Writing to memory never fails.
            let _ = body.desc(&mut Desc::new(out, self.dialect.layout, self.zone));
        }
    }

    fn details(&self, block: &BlockRef<'_>, out: &mut Vec<u8>) {
        out.push(b'\t');
        named(block, true, out);
        if let Some(image) = &block.image {
            let kind = if image.apply { " (FPW" } else { " (FPW for WAL verification" };
            out.extend_from_slice(kind.as_bytes());
            out.extend_from_slice(b"); hole: offset: ");
            put::number(out, image.hole_offset, 0);
            out.extend_from_slice(b", length: ");
            put::number(out, image.hole_length, 0);
            if let Some(method) = image.compression {
                let (hole, packed) = (u32::from(image.hole_length), image.bytes.len());
                let packed = u32::try_from(packed).unwrap_or(u32::MAX);
                let whole = self.dialect.geometry.block_size;
                out.extend_from_slice(b", compression saved: ");
                // In 32 bits without a sign, as pg_waldump computes it.
                put::number(out, whole.wrapping_sub(hole).wrapping_sub(packed), 0);
                if self.dialect.layout.waldump_words().names_method {
                    out.extend_from_slice(b", method: ");
                    out.extend_from_slice(method.name().as_bytes());
                }
            }
        }
        out.push(b'\n');
    }
}

fn unknown(info: u8, out: &mut Vec<u8>) {
    // Writing to memory never fails.
    let _ = write!(out, "UNKNOWN ({info:x})");
}

fn short(block: &BlockRef<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b", ");
    named(block, block.fork != Fork::Main, out);
    if let Some(image) = &block.image {
        let kind = if image.apply { " FPW" } else { " FPW for WAL verification" };
        out.extend_from_slice(kind.as_bytes());
    }
}

fn named(block: &BlockRef<'_>, with_fork: bool, out: &mut Vec<u8>) {
    let RelFileLocator { tablespace, database, number } = block.locator;
    let mut part = Part::new();
    part.text("blkref #").number(block.id.into(), 0).text(": rel ").number(tablespace.0, 0);
    part.text("/").number(database.0, 0).text("/").number(number.0, 0);
    if with_fork {
        part.text(" fork ").text(block.fork.name());
    }
    part.text(" blk ").number(block.block.0, 0).end(out);
}
