//! Messages of the server and of backup tools, taken apart: what they are about.
use crate::types::{Lsn, MultiXactId, Oid, TimelineId, Xid};
use std::ops::RangeInclusive;

/// Messages that are answered; a log may have thousands.
const MOST: usize = 50;
/// Different lines with which a server may have ended.
const MOST_ENDS: usize = 1000;
/// Bytes of the longest.
const LONGEST_END: usize = 4096;
/// How such lines begin.
const ENDS: [&str; 2] = ["FATAL:  ", "PANIC:  "];
/// Blocks of a range that are looked at.
const MOST_BLOCKS: u32 = 10_000;

/// Messages, each once.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// In the order in which they came first.
    pub(super) messages: Vec<OneHeard>,
    /// Lines of a log that end a server and name nothing that is known here: they count if a server
    /// would end so on this copy.
    pub(super) ends: Vec<OneHeard>,
    /// Those beyond.
    pub(crate) left_out: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OneHeard {
    /// The part that says what is wrong.
    pub(super) text: String,
    pub(super) count: u64,
    /// `None` if it is no message that is known here.
    pub(super) topic: Option<Topic>,
}

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Topic {
    /// Blocks of a relation, by its path or its name, that cannot be read or are damaged.
    Blocks {
        relation: String,
        blocks: RangeInclusive<u32>,
    },
    /// A file that is not there, or too short.
    File(String),
    /// The status of a transaction.
    Xid(Xid),
    Multi(MultiXactId),
    /// An id that is older than its table says.
    Unfrozen {
        xid: Xid,
        limit: Xid,
    },
    UnfrozenMulti {
        multi: MultiXactId,
        limit: MultiXactId,
    },
    /// A value whose chunks are not all there, of this TOAST table.
    Toast {
        value: Oid,
        of: Oid,
    },
    /// A length that no value has.
    Alloc,
    /// A relation without rows in pg_attribute.
    Attributes(Oid),
    /// A page that is newer than WAL.
    Flush(Lsn),
    Checkpoint,
    /// The end of WAL, or damage in it.
    Wal(Lsn),
    WalPage(String),
    /// WAL of another cluster, or of other sizes.
    OtherSystem,
    Timeline(TimelineId),
    TargetNotReached,
    BackupEnd,
    InvalidPages,
    /// A segment that was removed.
    Removed(String),
    DiskFull,
    ControlFile,
    Wraparound,
}

/// How a message becomes a topic: out of what stands for each `{}`.
type Make = fn(&[&str]) -> Option<Topic>;

/// Messages by their words; the first that fits counts. A path or a name may be quoted.
const PATTERNS: &[(&str, Make)] = &[
    ("invalid page in block {} of relation {}", |at| block(at, 0, 1)),
    ("invalid page header in block {} of relation {}", |at| block(at, 0, 1)),
    ("could not read block {} in file {}", |at| block(at, 0, 1)),
    ("could not read blocks {}..{} in file {}", |at| blocks(at[2], at[0], at[1])),
    ("page {} of relation {} does not exist", |at| block(at, 0, 1)),
    ("page {} of relation {} is uninitialized", |at| block(at, 0, 1)),
    ("could not open file {} (target block {})", |at| block(at, 1, 0)),
    ("index {} contains unexpected zero page at block {}", |at| block(at, 1, 0)),
    ("index {} contains corrupted page at block {}", |at| block(at, 1, 0)),
    ("parent key in index {} for deletion target page {}", |at| block(at, 1, 0)),
    ("parent key in index {} for split pages {}/", |at| block(at, 1, 0)),
    ("parent of a page in index {}, block {}", |at| block(at, 1, 0)),
    ("block {} links to {} instead of expected {} in index {}", |at| block(at, 0, 3)),
    ("left link changed unexpectedly in block {} of index {}", |at| block(at, 0, 1)),
    ("right sibling {} of block {} is not next child {} of block {} in index {}", |at| {
        block(at, 1, 4)
    }),
    ("following right link from block {} in index {}", |at| block(at, 0, 1)),
    ("left sibling of block {} in index {}", |at| block(at, 0, 1)),
    ("root page {} of index {} has level", |at| block(at, 0, 1)),
    ("inconsistent tuple chain links in page {} of index {}", |at| block(at, 0, 1)),
    ("in BRIN index {} block {}", |at| block(at, 1, 0)),
    ("while scanning block {} of relation {}", |at| block(at, 0, 1)),
    ("tuple at ({},{}) in table {}", |at| block(at, 0, 2)),
    ("cannot extend file {} beyond {} blocks", |at| Some(Topic::File(name(at[0])))),
    ("page checksums found in file {} at pages {}-{}", |at| blocks(at[0], at[1], at[2])),
    ("page checksum found in file {} at page {}", |at| block(at, 1, 0)),
    ("checksum verification failed in file {}, block {}:", |at| block(at, 1, 0)),
    ("could not access status of transaction {}", |at| Some(Topic::Xid(Xid(number(at[0])?)))),
    ("MultiXactId {} has not been created yet", |at| multi(at[0])),
    ("MultiXactId {} does no longer exist", |at| multi(at[0])),
    ("MultiXactId {} has invalid", |at| multi(at[0])),
    ("found xmin {} from before relfrozenxid {}", |at| unfrozen(at)),
    ("found xmax {} from before relfrozenxid {}", |at| unfrozen(at)),
    ("found update xid {} from before relfrozenxid {}", |at| unfrozen(at)),
    ("found multixact {} from before relminmxid {}", |at| {
        let (multi, limit) = (MultiXactId(number(at[0])?), MultiXactId(number(at[1])?));
        Some(Topic::UnfrozenMulti { multi, limit })
    }),
    ("missing chunk number {} for toast value {} in {}", |at| toast(at[1], at[2])),
    ("unexpected chunk number {} (expected {}) for toast value {} in {}", |at| toast(at[2], at[3])),
    ("invalid memory alloc request size {}", |_| Some(Topic::Alloc)),
    ("attribute(s) for relid {}", |at| Some(Topic::Attributes(Oid(number(at[0])?)))),
    ("attribute(s) for relation OID {}", |at| Some(Topic::Attributes(Oid(number(at[0])?)))),
    ("xlog flush request {} is not satisfied", |at| Some(Topic::Flush(at[0].parse().ok()?))),
    ("could not locate a valid checkpoint record", |_| Some(Topic::Checkpoint)),
    ("could not locate required checkpoint record", |_| Some(Topic::Checkpoint)),
    ("could not find redo location", |_| Some(Topic::Checkpoint)),
    ("invalid primary checkpoint record", |_| Some(Topic::Checkpoint)),
    ("invalid checkpoint record", |_| Some(Topic::Checkpoint)),
    ("invalid checkpoint link", |_| Some(Topic::Checkpoint)),
    ("invalid resource manager ID {} at {}", |at| wal(at[1])),
    ("invalid record length at {}:", |at| wal(at[0])),
    ("invalid record length at {}", |at| wal(at[0])),
    ("invalid record offset at {}", |at| wal(at[0])),
    ("record length {} at {} too long", |at| wal(at[1])),
    ("record with invalid length at {}", |at| wal(at[0])),
    ("resource manager data checksum in record at {}", |at| wal(at[0])),
    ("record with incorrect prev-link {} at {}", |at| wal(at[1])),
    ("contrecord flag at {}", |at| wal(at[0])),
    ("contrecord is requested by {}", |at| wal(at[0])),
    ("invalid contrecord length {} at {}", |at| wal(at[1])),
    ("out-of-order block_id {} at {}", |at| wal(at[1])),
    ("invalid block_id {} at {}", |at| wal(at[1])),
    ("BKPBLOCK_{} at {}", |at| wal(at[1])),
    ("BKPIMAGE_{} at {}", |at| wal(at[1])),
    ("could not find previous WAL record at {}", |at| wal(at[0])),
    ("invalid magic number {} in log segment {}, offset", |at| Some(Topic::WalPage(name(at[1])))),
    ("invalid magic number {} in WAL segment {}, ", |at| Some(Topic::WalPage(name(at[1])))),
    ("invalid info bits {} in log segment {}, offset", |at| Some(Topic::WalPage(name(at[1])))),
    ("invalid info bits {} in WAL segment {}, ", |at| Some(Topic::WalPage(name(at[1])))),
    ("unexpected pageaddr {} in log segment {}, offset", |at| Some(Topic::WalPage(name(at[1])))),
    ("unexpected pageaddr {} in WAL segment {}, ", |at| Some(Topic::WalPage(name(at[1])))),
    ("timeline ID {} in log segment {}, offset", |at| Some(Topic::WalPage(name(at[1])))),
    ("timeline ID {} in WAL segment {}, ", |at| Some(Topic::WalPage(name(at[1])))),
    ("could not read from log segment {}, offset", |at| Some(Topic::WalPage(name(at[0])))),
    ("could not read from WAL segment {}, offset", |at| Some(Topic::WalPage(name(at[0])))),
    ("WAL file is from different database system", |_| Some(Topic::OtherSystem)),
    ("requested timeline {} is not a child", |at| {
        Some(Topic::Timeline(TimelineId(number(at[0])?)))
    }),
    ("requested timeline {} does not contain", |at| {
        Some(Topic::Timeline(TimelineId(number(at[0])?)))
    }),
    ("recovery ended before configured recovery target was reached", |_| {
        Some(Topic::TargetNotReached)
    }),
    ("WAL ends before end of online backup", |_| Some(Topic::BackupEnd)),
    ("WAL ends before consistent recovery point", |_| Some(Topic::BackupEnd)),
    ("WAL contains references to invalid pages", |_| Some(Topic::InvalidPages)),
    ("requested WAL segment {} has already been removed", |at| Some(Topic::Removed(name(at[0])))),
    ("incorrect checksum in control file", |_| Some(Topic::ControlFile)),
    ("to avoid wraparound data loss", |_| Some(Topic::Wraparound)),
    ("must be vacuumed within {} ", |_| Some(Topic::Wraparound)),
    ("No space left on device", |_| Some(Topic::DiskFull)),
    ("could not open file {}: No such file", |at| Some(Topic::File(name(at[0])))),
    ("could not open directory {}: No such file", |at| Some(Topic::File(name(at[0])))),
];

impl Heard {
    /// Adds a message that was given as such.
    pub fn message(&mut self, text: &str) {
        let found = topic(text);
        let (text, topic) = match found {
            Some((part, topic)) => (part, Some(topic)),
            None => (text.trim().to_owned(), None),
        };
        self.add(text, topic);
    }

    /// Adds a line of a log, if it is a message that is known here.
    pub fn line(&mut self, line: &str) {
        if let Some((part, topic)) = topic(line) {
            self.add(part, Some(topic));
        } else if let Some(at) = ENDS.iter().find_map(|severity| line.find(severity)) {
            self.end(line.get(at..).unwrap_or(line).trim_end());
        }
    }

    fn end(&mut self, text: &str) {
        if let Some(known) = self.ends.iter_mut().find(|heard| heard.text == text) {
            known.count += 1;
        } else if self.ends.len() < MOST_ENDS && text.len() <= LONGEST_END {
            self.ends.push(OneHeard { text: text.to_owned(), count: 1, topic: None });
        }
    }

    fn add(&mut self, text: String, topic: Option<Topic>) {
        let same = |heard: &OneHeard| match (&heard.topic, &topic) {
            (Some(one), Some(other)) => one == other,
            _ => heard.text == text,
        };
        let known = self.messages.iter().position(same);
        if let Some(at) = known {
            self.messages[at].count += 1;
        } else if self.messages.len() < MOST {
            self.messages.push(OneHeard { text, count: 1, topic });
        } else {
            self.left_out += 1;
        }
    }
}

/// The part of `text` that a pattern fits, and what that is about.
fn topic(text: &str) -> Option<(String, Topic)> {
    PATTERNS.iter().find_map(|(pattern, make)| {
        let (part, captured) = captures(pattern, text)?;
        Some((part.trim_end_matches([':', ';', ',', ' ']).to_owned(), make(&captured)?))
    })
}

/// Where `pattern` is in `text`, and what stands there for each `{}`: up to the words behind it, or
/// to the end of a word, or of a quoted name.
fn captures<'t>(pattern: &str, text: &'t str) -> Option<(&'t str, Vec<&'t str>)> {
    let mut literals = pattern.split("{}");
    let first = literals.next()?;
    let start = text.find(first)?;
    let mut at = start + first.len();
    let mut captured = Vec::new();
    for literal in literals {
        let rest = text.get(at..)?;
        let len = if literal.is_empty() { word(rest) } else { rest.find(literal)? };
        captured.push(rest.get(..len)?);
        at += len + literal.len();
    }
    Some((text.get(start..at)?, captured))
}

/// Bytes of the first word, or of a quoted name with its quotes.
fn word(text: &str) -> usize {
    match text.strip_prefix('"').and_then(|quoted| quoted.find('"')) {
        Some(end) => end + 2,
        None => {
            text.find(|c: char| c.is_whitespace() || c == ';' || c == ',').unwrap_or(text.len())
        }
    }
}

fn name(text: &str) -> String {
    text.trim().trim_end_matches([':', '.']).trim_matches('"').to_owned()
}

fn number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

fn block(at: &[&str], block: usize, relation: usize) -> Option<Topic> {
    let number = at.get(block)?;
    blocks(at.get(relation)?, number, number)
}

fn blocks(relation: &str, first: &str, last: &str) -> Option<Topic> {
    let (first, last) = (number(first)?, number(last)?);
    let last = last.clamp(first, first.saturating_add(MOST_BLOCKS));
    Some(Topic::Blocks { relation: name(relation), blocks: first..=last })
}

fn multi(text: &str) -> Option<Topic> {
    Some(Topic::Multi(MultiXactId(number(text)?)))
}

fn unfrozen(at: &[&str]) -> Option<Topic> {
    let [xid, limit] = at else { return None };
    // From an epoch on, 17 writes "2:3868083449".
    let low = |text: &str| number(text.rsplit(':').next()?).map(Xid);
    Some(Topic::Unfrozen { xid: low(xid)?, limit: low(limit)? })
}

fn toast(value: &str, table: &str) -> Option<Topic> {
    let of = name(table).rsplit('.').next()?.strip_prefix("pg_toast_").and_then(number)?;
    Some(Topic::Toast { value: Oid(number(value)?), of: Oid(of) })
}

fn wal(lsn: &str) -> Option<Topic> {
    Some(Topic::Wal(lsn.trim_end_matches([':', ',', '.']).parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{Heard, Topic, topic};
    use crate::types::{Lsn, Oid, TimelineId, Xid};

    fn about(text: &str) -> Topic {
        topic(text).unwrap_or_else(|| panic!("{text}")).1
    }

    fn blocks(relation: &str, first: u32, last: u32) -> Topic {
        Topic::Blocks { relation: relation.to_owned(), blocks: first..=last }
    }

    /// In the words of several majors, with what logs put before and behind.
    #[test]
    fn messages_about_blocks() {
        let of = "base/16384/66427";
        for text in [
            "invalid page in block 5 of relation base/16384/66427",
            "2026-11-21 10:00:00 UTC [77] ERROR:  invalid page in block 5 of relation base/16384/66427; zeroing out page",
            "ERROR:  invalid page in block 5 of relation \"base/16384/66427\"",
            "ERROR:  could not read block 5 in file \"base/16384/66427\": read only 0 of 8192 bytes",
            "could not open file \"base/16384/66427\" (target block 5): previous segment is only 1 blocks",
            "page 5 of relation base/16384/66427 does not exist",
        ] {
            assert_eq!(about(text), blocks(of, 5, 5), "{text}");
        }
        let text =
            "could not read blocks 5..7 in file \"base/16384/66427\": read only 0 of 24576 bytes";
        assert_eq!(about(text), blocks(of, 5, 7));
        let text =
            "WARN: invalid page checksums found in file /pg/base/16384/66427 at pages 1072-3215";
        assert_eq!(about(text), blocks("/pg/base/16384/66427", 1072, 3215));
        let text = "CONTEXT:  while scanning block 4 of relation \"public.t\"";
        assert_eq!(about(text), blocks("public.t", 4, 4));
        let text = "ERROR:  index \"t_pkey\" contains unexpected zero page at block 290";
        assert_eq!(about(text), blocks("t_pkey", 290, 290));
    }

    /// As nbtpage.c, nbtinsert.c and gist.c of 13 and 18 word them.
    #[test]
    fn messages_about_indexes() {
        for text in [
            "ERROR:  failed to re-find parent key in index \"t_pkey\" for deletion target page 7",
            "ERROR:  failed to re-find parent key in index \"t_pkey\" for split pages 7/290",
            "ERROR:  failed to re-find parent of a page in index \"t_pkey\", block 7",
            "ERROR:  right sibling's left-link doesn't match: block 7 links to 3 instead of expected 5 in index \"t_pkey\"",
            "ERROR:  left link changed unexpectedly in block 7 of index \"t_pkey\"",
            "ERROR:  index \"t_pkey\" contains corrupted page at block 7",
        ] {
            assert_eq!(about(text), blocks("t_pkey", 7, 7), "{text}");
        }
    }

    #[test]
    fn messages_about_transactions() {
        let text = "ERROR:  could not access status of transaction 352";
        assert_eq!(about(text), Topic::Xid(Xid(352)));
        let unfrozen = Topic::Unfrozen { xid: Xid(831), limit: Xid(832) };
        assert_eq!(about("found xmin 831 from before relfrozenxid 832"), unfrozen);
        let text = "missing chunk number 0 for toast value 16399 in pg_toast_2619";
        assert_eq!(about(text), Topic::Toast { value: Oid(16399), of: Oid(2619) });
        for text in [
            "catalog is missing 3 attribute(s) for relid 827",
            "pg_attribute catalog is missing 3 attribute(s) for relation OID 827",
        ] {
            assert_eq!(about(text), Topic::Attributes(Oid(827)), "{text}");
        }
    }

    #[test]
    fn messages_about_wal() {
        let lsn = Lsn(0x5F7_C6E0);
        for text in [
            "LOG:  invalid resource manager ID 80 at 0/5F7C6E0",
            "LOG:  invalid record length at 0/5F7C6E0: wanted 24, got 0",
            "LOG:  invalid record length at 0/5F7C6E0: expected at least 24, got 0",
            "incorrect resource manager data checksum in record at 0/5F7C6E0",
            "record length 1162 at 0/5F7C6E0 too long",
            "invalid contrecord length 4 (expected 12) at 0/5F7C6E0",
            "BKPBLOCK_HAS_DATA not set, but data length is 7 at 0/5F7C6E0",
        ] {
            assert_eq!(about(text), Topic::Wal(lsn), "{text}");
        }
        for text in [
            "unexpected pageaddr 0/1000000 in WAL segment 000000010000000000000003, LSN 0/3000000, offset 0",
            "out-of-sequence timeline ID 1 (after 2) in log segment 000000010000000000000003, offset 8192",
        ] {
            assert_eq!(about(text), Topic::WalPage("000000010000000000000003".into()), "{text}");
        }
        let text = "FATAL:  requested timeline 5 is not a child of this server's history";
        assert_eq!(about(text), Topic::Timeline(TimelineId(5)));
        assert_eq!(
            about("PANIC:  could not locate a valid checkpoint record at 0/1"),
            Topic::Checkpoint
        );
    }

    #[test]
    fn a_log_is_counted_and_what_is_not_known_left_out() {
        let mut heard = Heard::default();
        for line in [
            "LOG:  checkpoint starting",
            "ERROR:  could not access status of transaction 7",
            "UTC [5] FATAL:  the sky fell\n",
        ] {
            heard.line(line);
            heard.line(line);
        }
        heard.message("it is broken");
        let counts: Vec<_> =
            heard.messages.iter().map(|one| (one.count, one.topic.is_some())).collect();
        assert_eq!(counts, [(2, true), (1, false)]);
        let [end] = heard.ends.as_slice() else { panic!("{:?}", heard.ends) };
        assert_eq!((end.text.as_str(), end.count), ("FATAL:  the sky fell", 2));
    }

    #[test]
    fn no_text_is_too_strange() {
        for text in [
            "",
            "invalid page in block",
            "invalid page in block  of relation ",
            "found xmin x from before relfrozenxid é",
        ] {
            let mut heard = Heard::default();
            heard.line(text);
            heard.message(text);
            assert_eq!(heard.messages.len(), 1, "{text}");
        }
    }
}
