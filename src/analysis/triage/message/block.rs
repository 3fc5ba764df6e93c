//! Blocks and files of relations.
use super::super::{Evidence, plural};
use super::{Answer, index};
use crate::analysis::inventory::files_of_nothing;
use crate::analysis::verify;
use crate::cluster::{RelKind, Relation, Selector};
use crate::finding::Finding;
use crate::format::page::{Page, is_zeroed};
use crate::report::triage::{Copies, MessageState, Step};
use crate::source::relation::{RelationFileName, RelationFiles};
use crate::types::{BlockNumber, Fork};
use std::ops::RangeInclusive;

/// A relation's fork, found.
pub(super) struct Found<'a> {
    pub(super) relation: &'a Relation,
    pub(super) name: String,
    pub(super) fork: Fork,
    pub(super) files: RelationFiles<'a>,
}

pub(super) fn blocks(
    evidence: &Evidence<'_>,
    relation: &str,
    blocks: &RangeInclusive<u32>,
) -> Answer {
    let found = match find(evidence, relation) {
        Ok(found) => found,
        Err(answer) => return *answer,
    };
    let (end, first) = (found.files.end(), *blocks.start());
    if first >= end {
        return beyond(evidence, &found, first);
    }
    let judged: Vec<_> = blocks
        .clone()
        .take_while(|block| *block < end)
        .filter_map(|block| Some((block, judge(evidence, &found, block)?)))
        .collect();
    match judged.as_slice() {
        [] => match index::links(evidence, &found, first) {
            Some(what) => damaged(evidence, &found, first, what),
            None => sound(evidence, &found, first),
        },
        [(block, what), others @ ..] => {
            let more = match others.len() {
                0 => String::new(),
                count => format!("; {} of the range too", plural(count as u64, "block")),
            };
            damaged(evidence, &found, *block, format!("{what}{more}"))
        }
    }
}

/// The relation of a path, absolute or not, or of a name.
fn find<'a>(evidence: &Evidence<'a>, text: &str) -> Result<Found<'a>, Box<Answer>> {
    let cluster = evidence.cluster;
    let path = ["base/", "global/", "pg_tblspc/"].iter().find_map(|dir| text.find(dir));
    let relative = path.and_then(|at| text.get(at..)).unwrap_or(text);
    let fork = relative.rsplit('/').next().and_then(RelationFileName::parse).map(|name| name.fork);
    let selector = Selector::parse(relative);
    let relations = selector.as_ref().map_or_else(
        |error| Err(error.to_string()),
        |selector| {
            let one = cluster.select(std::slice::from_ref(selector));
            one.map_err(|error| error.to_string())
        },
    );
    let absent = |why: String| {
        let advice = "see whether this is the directory that the message is about. A file that no relation owns was dropped or rewritten since then, or never committed; WAL may know.";
        let answer = Answer::new(MessageState::Absent, why, advice)
            .about(relative)
            .then(Step::new(evidence.command("ls", relative), "whose file it is"))
            .then(Step::new(evidence.command("wal blocks", relative), "what WAL says of it"));
        Box::new(answer)
    };
    let relation = match (relations, selector) {
        (Ok(relations), _) if relations.len() == 1 => relations.into_iter().next(),
        (Ok(relations), _) if relations.len() > 1 => {
            let names = relations.iter().map(|of| cluster.name_of(of)).collect::<Vec<_>>();
            return Err(absent(format!("it could be any of these: {}", names.join(", "))));
        }
        (Err(_), Ok(selector)) if !files_of_nothing(cluster, &selector).is_empty() => {
            return Err(absent("the file is there, and no relation owns it".to_owned()));
        }
        (Err(why), _) => return Err(absent(why)),
        _ => None,
    };
    let relation = relation.ok_or_else(|| absent("no relation has this file".to_owned()))?;
    let fork = fork.unwrap_or_default();
    let files = cluster.files(relation, fork).map_err(|error| absent(error.to_string()))?;
    Ok(Found { relation, name: cluster.name_of(relation), fork, files })
}

/// What is wrong with a block; `None` if nothing is.
fn judge(evidence: &Evidence<'_>, found: &Found<'_>, block: u32) -> Option<String> {
    let mut scratch = Vec::new();
    let bytes = match found.files.read_blocks(block..block.saturating_add(1), &mut scratch) {
        Ok(bytes) => bytes,
        Err(error) => return Some(error.to_string()),
    };
    if is_zeroed(bytes) && index::is_one(found) {
        return Some(
            "all zeros, which an index has only where it was extended and not written".into(),
        );
    }
    let known = verify::page::Known {
        block: BlockNumber(block),
        relation: "",
        checksums: evidence.cluster.dialect().geometry.checksums,
    };
    let mut all: Vec<Finding> = Vec::new();
    let trusted = verify::page::judge(bytes, known, &mut |finding| all.push(finding));
    if trusted && found.fork == Fork::Main && found.relation.kind.is_heap() {
        judge_heap(evidence, bytes, block, &mut all);
    }
    if trusted && index::is_one(found) {
        all.extend(index::judge(evidence, found, bytes, block));
    }
    let what: Vec<_> = all.iter().map(|of| format!("{}: {}", of.rule.id, of.evidence)).collect();
    (!what.is_empty()).then(|| what.join("; "))
}

/// What is wrong with the tuples of a page.
fn judge_heap(evidence: &Evidence<'_>, bytes: &[u8], block: u32, all: &mut Vec<Finding>) {
    let Ok(page) = Page::parse(bytes) else { return };
    let known = verify::heap::Known {
        block: BlockNumber(block),
        transactions: evidence.cluster.xact(),
        next_xid: evidence.cluster.next_xid_after_shutdown(),
        shape: None,
    };
    let mut scratch = verify::heap::Scratch::default();
    verify::heap::judge(&page, &known, &mut scratch, &mut |_, finding| all.push(finding));
    // One bad page can have hundreds of bad tuples.
    all.truncate(3);
}

fn sound(evidence: &Evidence<'_>, found: &Found<'_>, block: u32) -> Answer {
    let mut scratch = Vec::new();
    let bytes = found.files.read_blocks(block..block.saturating_add(1), &mut scratch);
    let page = bytes.ok().and_then(|bytes| Some(*Page::parse(bytes).ok()?.header()));
    let lsn = page.map(|header| format!(", its LSN {}", header.pd_lsn)).unwrap_or_default();
    let checked = if evidence.cluster.dialect().geometry.checksums {
        "checksum and header are right"
    } else {
        "its header is right; this cluster has no checksums"
    };
    let rules = if index::is_one(found) {
        "; what is on it, and its links to other pages, are right too"
    } else {
        ""
    };
    let advice = "what the server saw was not these bytes: its memory, another copy, or what was there before. Check memory and storage of that machine, and compare with another copy.";
    at(Answer::new(MessageState::NotSeen, format!("{checked}{rules}{lsn}"), advice), found, block)
        .then(page_step(evidence, found, block, "the page"))
        .then(if index::is_one(found) {
            Step::new(evidence.command("index", &found.name_or_path()), "the whole index")
        } else {
            Step::new(evidence.command("audit", &found.name_or_path()), "the whole table")
        })
}

fn beyond(evidence: &Evidence<'_>, found: &Found<'_>, block: u32) -> Answer {
    let end = found.files.end();
    let what = format!("the files end before block {end}: it is not there");
    let cause = "the file was cut short: an incomplete copy, a lost truncation, or a file system that lost its end in a crash";
    let advice = if found.relation.kind == RelKind::Index {
        "an index holds nothing of its own: REINDEX it once the server runs, on a copy first."
    } else {
        "keep the directory as it is. WAL may extend the file again; the rows of the missing blocks are in a backup, or in the images of WAL."
    };
    let of = (found.relation.locator, found.fork, BlockNumber(block));
    let copies = copies(evidence, of);
    let answer = at(Answer::new(MessageState::Confirmed, what, advice), found, block);
    Answer { copies, ..answer.because(cause) }
        .then(Step::new(evidence.command("ls", &found.name_or_path()), "its files and sizes"))
        .then(wal_step(evidence, found, block))
}

fn damaged(evidence: &Evidence<'_>, found: &Found<'_>, block: u32, what: String) -> Answer {
    let of = (found.relation.locator, found.fork, BlockNumber(block));
    let copies = copies(evidence, of);
    let restored = copies.is_some_and(|copies| copies.replayed);
    let imaged = copies.is_some_and(|copies| copies.last.is_some());
    let advice = match (found.relation.kind, found.fork) {
        (_, Fork::Fsm | Fork::Vm) => {
            "this fork holds no rows, and can be made anew: VACUUM does it for free space, after pg_truncate_visibility_map() for the visibility map. On a copy first."
        }
        _ if restored => {
            "let recovery run, on a copy: it restores the block from WAL before anybody reads it."
        }
        (RelKind::Index, _) => {
            "copy the directory; an index holds nothing of its own: REINDEX it once the server runs, and verify the table."
        }
        _ if imaged => {
            "keep all WAL and archives: the image and the records after it have the rows. Restore a backup beside it and recover; zero_damaged_pages would give up the whole page."
        }
        _ => {
            "copy the directory first. The rows are in a backup, recovered with its WAL archive; what else is in the table can be read around this block. Not zero_damaged_pages: it gives up the whole page."
        }
    };
    let cause = cause(&what);
    let answer = at(Answer::new(MessageState::Confirmed, what, advice), found, block);
    Answer { cause, copies, ..answer }
        .then(page_step(evidence, found, block, "the page as it is"))
        .then(wal_step(evidence, found, block))
}

/// What the looks of a page say about how it came to be so.
fn cause(what: &str) -> Option<String> {
    let causes = [
        // Half a page of zeros looks torn as well.
        (
            "are zeros",
            "sectors were lost: storage or file system wrote zeros, as after a crash or a trimmed device",
        ),
        (
            "a torn write",
            "one half of the page was written and the other not: power or storage failed in the middle, without full-page writes or before recovery",
        ),
        (
            "misdirected",
            "storage wrote another block's page here: a controller, driver or file system",
        ),
        ("shifted", "bytes of another place are here: a copy tool or storage, not PostgreSQL"),
        ("all zeros", "the block was added to the file and never written, or storage lost it"),
        (
            "pd_checksum",
            "single bytes changed after PostgreSQL wrote the page: memory, storage, or a tool that edited it",
        ),
    ];
    causes.into_iter().find(|(mark, _)| what.contains(mark)).map(|(_, cause)| cause.to_owned())
}

/// A file or directory that is not there, or cannot grow.
pub(super) fn file(evidence: &Evidence<'_>, path: &str) -> Answer {
    let at = ["base/", "global/", "pg_"].iter().find_map(|dir| path.find(dir)).unwrap_or(0);
    let path = path.get(at..).unwrap_or(path);
    let relation = find(evidence, path).ok();
    let source = evidence.cluster.source();
    let there = source.file(path).is_ok() || source.list(path).is_ok_and(|list| !list.is_empty());
    let name = relation.as_ref().map(|found| found.name.clone());
    let answer = if there {
        let advice = "the file is here: see whether this is the directory that the message is about, and who may read it.";
        Answer::new(MessageState::NotSeen, "the file is there", advice)
    } else {
        let advice = if path.starts_with("pg_xact") || path.starts_with("pg_multixact") {
            "look for it in a backup of the same time. A file of zeros would say that its transactions were rolled back."
        } else if path.starts_with("pg_wal") {
            "look for it in archives and other copies."
        } else if path.starts_with("pg_tblspc") && relation.is_none() {
            "find the tablespace's directory in the copy or backup: --tablespace OLD=NEW shows here what is in it, and its link in pg_tblspc has to lead to it before a start."
        } else {
            "look for it in a backup; do not make an empty one: the server would take the relation for empty."
        };
        Answer::new(MessageState::Confirmed, "the file is not there", advice)
    };
    answer
        .about(name.map_or_else(|| path.to_owned(), |name| format!("{name} ({path})")))
        .then(Step::new(evidence.command("ls", ""), "missing files and orphans"))
}

fn copies(evidence: &Evidence<'_>, of: crate::analysis::wal::copies::BlockOf) -> Option<Copies> {
    let known = evidence.copies.get(&of).copied();
    known.or_else(|| evidence.copies_of(&[of]).get(&of).copied())
}

fn at(answer: Answer, found: &Found<'_>, block: u32) -> Answer {
    let kind = match found.relation.kind {
        RelKind::Index => " (an index)",
        _ => "",
    };
    let block = Some((found.fork, BlockNumber(block)));
    Answer { block, ..answer.about(format!("{}{kind}", found.name)) }
}

fn page_step(evidence: &Evidence<'_>, found: &Found<'_>, block: u32, shows: &str) -> Step {
    let fork = match found.fork {
        Fork::Main => String::new(),
        fork => format!(" --fork {fork}"),
    };
    let rest = format!("{} {block}{fork}", found.name_or_path());
    Step::new(evidence.command("page", &rest), shows)
}

fn wal_step(evidence: &Evidence<'_>, found: &Found<'_>, block: u32) -> Step {
    let rest = format!("{} {block}", found.name_or_path());
    Step::new(evidence.command("wal blocks", &rest), "its records and images in WAL")
}

impl Found<'_> {
    /// What a command takes: the name, unless a shell would not.
    fn name_or_path(&self) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if self.name.chars().all(plain) {
            return self.name.clone();
        }
        let first = self.files.segments().first().map(|segment| segment.relation_path().to_owned());
        first.unwrap_or_else(|| format!("oid:{}", self.relation.oid))
    }
}
