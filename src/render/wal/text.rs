//! Records for people: a line for each, with names where records have numbers.
use super::put;
use crate::format::wal::rmgr::{self, Body, Desc};
use crate::format::wal::{BlockRef, Located, Record};
use crate::layout::Dialect;
use crate::render::text::{escape, pretty_size, width};
use crate::report::wal::tuple;
use crate::types::{Fork, RelFileLocator, Xid};
use crate::wal::{Gap, Keys, Names};
use jiff::tz::TimeZone;
use std::io::Write as _;

/// Columns of a transaction id: ten digits at most.
const XID: usize = 10;
/// Columns of the type; few are longer.
const TYPE: usize = 24;
/// Columns of the length.
const LENGTH: usize = 6;
/// Columns that lines which go on are indented by.
const INDENT: usize = 4;

/// Writes records so.
#[derive(Debug, Clone, Copy)]
pub struct WalText<'d> {
    /// How records are read.
    pub dialect: &'d Dialect,
    /// What relations are called.
    pub names: &'d Names<'d>,
    /// What index tuples hold.
    pub keys: &'d Keys<'d>,
    /// The zone of times.
    pub zone: &'d TimeZone,
    /// Columns of a position: as many as the furthest one takes.
    pub lsn_width: usize,
    /// Columns of the terminal; without one, a record is a line however long.
    pub width: Option<usize>,
}

impl WalText<'_> {
    /// What the columns are.
    pub fn head(&self) -> String {
        let width = self.lsn_width;
        let (lsn, xid, kind, bytes) = ("LSN", "XID", "RECORD", "BYTES");
        format!("{lsn:width$} {xid:>XID$}  {kind:TYPE$} {bytes:>LENGTH$}  WHAT\n")
    }

    /// Writes one record.
    pub fn record(&self, located: &Located<'_>, record: &Record<'_>, out: &mut Vec<u8>) {
        self.start(located, out);
        let before = out.len();
        for (at, block) in record.blocks.iter().enumerate() {
            let same = at.checked_sub(1).and_then(|at| record.blocks.get(at));
            let same =
                same.is_some_and(|one| (one.locator, one.fork) == (block.locator, block.fork));
            out.extend_from_slice(if at == 0 { &b""[..] } else { b", " });
            self.block(block, same, out);
        }
        let named = out.len();
        if named > before {
            out.extend_from_slice(b": ");
        }
        let words = out.len();
        let mut tuples = Vec::new();
        match Body::parse(record, self.dialect) {
            Ok(body) => {
                // Writing to memory never fails.
                let _ = body.desc(&mut Desc::new(out, self.dialect.layout, self.zone));
                tuples = self.keys.of(record, &body);
            }
            Err(error) => {
                let _ = write!(out, "not as its type has it: {error}");
            }
        }
        // Some of pg_waldump's words go on where it says nothing before them.
        if out.get(words..).is_some_and(|said| said.starts_with(b"; ")) {
            out.drain(words..words + 2);
        }
        out.truncate(words.max(out.trim_ascii_end().len()));
        if !tuples.is_empty() {
            out.extend_from_slice(if out.len() > words { &b"; "[..] } else { b"" });
            out.extend_from_slice(tuple::words(tuples.iter().map(|(_, row)| row)).as_bytes());
        }
        if out.len() <= words {
            out.truncate(named);
        }
        self.finish(before, out);
    }

    /// Writes that the rest of a record makes no sense.
    pub fn undecodable(&self, located: &Located<'_>, gap: &Gap, out: &mut Vec<u8>) {
        self.start(located, out);
        let before = out.len();
        out.extend_from_slice(b"cannot be taken apart: ");
        out.extend_from_slice(gap.failure.said(self.dialect.layout).as_bytes());
        self.finish(before, out);
    }

    /// Writes that records cannot be read.
    pub fn gap(&self, gap: &Gap, out: &mut Vec<u8>) {
        let Gap { failure, resumed, .. } = gap;
        let size = pretty_size(resumed.0.saturating_sub(failure.record.0));
        let layout = self.dialect.layout;
        let (said, at) = (failure.said(layout), layout.lsn_text(*resumed));
        let _ = write!(out, "… {size} unreadable: ");
        let before = out.len();
        let _ = write!(out, "{said}; records go on at {at}, beyond a gap");
        self.finish(before, out);
    }

    /// What all lines begin with.
    fn start(&self, located: &Located<'_>, out: &mut Vec<u8>) {
        let layout = self.dialect.layout;
        let header = located.header;
        let start = out.len();
        if layout.controldata.padded_lsn {
            put::lsn(out, located.lsn);
        } else {
            put::short_lsn(out, located.lsn);
        }
        put::spaces(out, self.lsn_width.saturating_sub(out.len() - start) + 1);
        if header.xl_xid == Xid::INVALID {
            put::spaces(out, XID - 1);
            out.push(b'-');
        } else {
            put::number(out, header.xl_xid.0, XID);
        }
        out.extend_from_slice(b"  ");
        let word = out.len();
        out.extend_from_slice(rmgr::name(header.xl_rmid).as_bytes());
        out.push(b'/');
        match rmgr::identify(header.xl_rmid, header.info(), layout) {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => {
                let _ = write!(out, "{:#04x}", header.info());
            }
        }
        put::spaces(out, TYPE.saturating_sub(out.len() - word) + 1);
        put::number(out, header.xl_tot_len, LENGTH);
        out.extend_from_slice(b"  ");
    }

    /// `lab.public.t fsm 12 (FPI)`; the relation only if it is not that of the block before.
    fn block(&self, block: &BlockRef<'_>, same: bool, out: &mut Vec<u8>) {
        if !same {
            self.relation(block.locator, out);
            out.push(b' ');
            if block.fork != Fork::Main {
                out.extend_from_slice(block.fork.name().as_bytes());
                out.push(b' ');
            }
        }
        put::number(out, block.block.0, 0);
        match &block.image {
            Some(image) if image.apply => out.extend_from_slice(b" (FPI)"),
            Some(_) => out.extend_from_slice(b" (FPI to compare with)"),
            None if block.will_init() => out.extend_from_slice(b" (new)"),
            None => {}
        }
    }

    fn relation(&self, locator: RelFileLocator, out: &mut Vec<u8>) {
        let Some(named) = self.names.get(locator) else {
            put::number(out, locator.tablespace.0, 0);
            out.push(b'/');
            put::number(out, locator.database.0, 0);
            out.push(b'/');
            return put::number(out, locator.number.0, 0);
        };
        if named.old.is_some() {
            // Writing to memory never fails.
            let _ = write!(out, "{named}");
        } else {
            out.extend_from_slice(named.name.as_bytes());
        }
    }

    /// Ends a line whose words begin at `from`: nothing in them drives the terminal, and they go
    /// on below where that is too narrow.
    fn finish(&self, from: usize, out: &mut Vec<u8>) {
        let words = out.get(from..).unwrap_or_default();
        // All of them are looked at, which takes less time than to stop at the first.
        let plain = words.iter().fold(true, |plain, byte| plain & (b' '..=b'~').contains(byte));
        if !plain {
            let safe = escape(&String::from_utf8_lossy(words));
            out.truncate(from);
            out.extend_from_slice(safe.as_bytes());
        }
        out.truncate(out.trim_ascii_end().len());
        if let Some(room) = self.width {
            wrap(out, from, room);
        }
        out.push(b'\n');
    }
}

/// Breaks the last line of `out`, whose words begin at `from`, at spaces.
fn wrap(out: &mut Vec<u8>, from: usize, room: usize) {
    let start = out.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = String::from_utf8_lossy(out.get(start..).unwrap_or_default()).into_owned();
    let Some((head, words)) = line.split_at_checked(from - start) else { return };
    if width::width(&line) <= room {
        return;
    }
    out.truncate(from);
    let mut column = width::width(head);
    let mut fresh = true;
    for word in words.split(' ') {
        let wide = width::width(word);
        if !fresh && column + 1 + wide > room || fresh && column > INDENT && column + wide > room {
            out.truncate(out.trim_ascii_end().len());
            out.push(b'\n');
            put::spaces(out, INDENT);
            column = INDENT;
            fresh = true;
        }
        if !fresh {
            out.push(b' ');
            column += 1;
        }
        out.extend_from_slice(word.as_bytes());
        column += wide;
        fresh = false;
    }
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn what_does_not_fit_goes_on_below() {
        let wrapped = |words: &str, room| {
            let mut out = format!("before\n0/1 Heap {words}").into_bytes();
            wrap(&mut out, "before\n0/1 Heap ".len(), room);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(wrapped("a b c", 20), "before\n0/1 Heap a b c");
        assert_eq!(wrapped("aaa bbb ccc ddd", 16), "before\n0/1 Heap aaa bbb\n    ccc ddd");
        assert_eq!(
            wrapped("aaaaaaaaaaaaaaaaaaaa b", 16),
            "before\n0/1 Heap\n    aaaaaaaaaaaaaaaaaaaa\n    b"
        );
    }
}
