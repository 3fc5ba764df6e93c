//! What an archive holds and where: one pass over the headers, no content read.
use super::Note;
use super::header::{self, Announces, BLOCK, Extended, Parsed};
use super::members::{Members, What};
use super::name::{self, Refusal, Refused};
use crate::source::{File, ReadError};
use std::ops::Range;

/// Bytes of a long name or of pax records that are read; longer ones belong to no data directory.
const LONGEST: u64 = 1 << 16;
/// Notes kept; a damaged archive can give one for every 512 bytes.
const NOTES: usize = 20;

/// The members of an archive, and what was met on the way.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) members: Members,
    pub(super) refused: Vec<Refused>,
    pub(super) notes: Vec<Note>,
}

/// Reads every header of `file`, which lies in the archive called `archive`. Damage costs the
/// members it hits: the pass goes on at the next 512 bytes that are a header.
pub(super) fn read(file: &File, archive: &str) -> Result<Index, ReadError> {
    let mut pass = Pass {
        file,
        archive,
        at: 0,
        index: Index::default(),
        next: Next::default(),
        hard_links: Vec::new(),
        cut: false,
    };
    pass.run()?;
    pass.index.members.sort();
    pass.resolve_hard_links();
    Ok(pass.index)
}

struct Pass<'f> {
    file: &'f File,
    archive: &'f str,
    /// Where the next header begins.
    at: u64,
    index: Index,
    next: Next,
    hard_links: Vec<HardLink>,
    /// Whether the archive ended inside a member.
    cut: bool,
}

/// A second name of a file that is in the archive already.
struct HardLink {
    stored: String,
    path: String,
    target: String,
}

/// What earlier members said about the next one.
#[derive(Default)]
struct Next {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    extended: Extended,
}

impl Pass<'_> {
    fn run(&mut self) -> Result<(), ReadError> {
        let mut scratch = Vec::new();
        // Where headers stopped being right, or where the archive said that it ends.
        let mut lost: Option<u64> = None;
        let mut ended: Option<u64> = None;
        loop {
            let block = self.file.window(self.at..self.at.saturating_add(BLOCK), &mut scratch)?;
            let parsed = header::parse(block);
            let (whole, zeros) = (block.len() as u64 == BLOCK, header::is_end(block));
            match parsed {
                _ if !whole => break,
                Some(parsed) => {
                    let from = lost.take().or(ended.take());
                    if let Some(from) = from {
                        let text = format!("no member header from here to byte {}", self.at);
                        self.note(from, text);
                        (ended, self.next) = (None, Next::default());
                    }
                    if !self.take(parsed)? {
                        return Ok(());
                    }
                    continue;
                }
                None if zeros => ended = ended.or(Some(self.at)),
                None => lost = lost.or(ended).or(Some(self.at)),
            }
            self.at = self.at.saturating_add(BLOCK);
        }
        match (lost, ended) {
            (Some(at), _) => self.note(at, "no member header from here to the end".to_owned()),
            (None, None) if !self.cut => {
                self.note(self.at, "cut: the mark at the end is missing".to_owned());
            }
            (None, _) => {}
        }
        Ok(())
    }

    /// Takes in the member whose header is at `self.at`; whether there is room for more.
    fn take(&mut self, Parsed { announces, name, size }: Parsed) -> Result<bool, ReadError> {
        let start = self.at.saturating_add(BLOCK);
        let aside = matches!(
            announces,
            Announces::LongName | Announces::LongLink | Announces::Extended | Announces::Aside
        );
        let size = if aside { size } else { self.next.extended.size.unwrap_or(size) };
        let padded = size.checked_next_multiple_of(BLOCK).unwrap_or(u64::MAX);
        self.at = start.saturating_add(padded);
        let content = start..start.saturating_add(size);
        match announces {
            Announces::LongName => self.next.name = self.text(&content)?.map(before_nul),
            Announces::LongLink => self.next.link = self.text(&content)?.map(before_nul),
            Announces::Extended => {
                self.next.extended = Extended::parse(&self.text(&content)?.unwrap_or_default());
            }
            Announces::Aside => {}
            announces => {
                if let Announces::Sparse { continued: true } = announces {
                    self.skip_sparse_headers(start, padded)?;
                }
                let next = std::mem::take(&mut self.next);
                let name = next.extended.path.or(next.name).unwrap_or(name);
                let link = next.extended.link.or(next.link);
                let name = String::from_utf8_lossy(&name);
                let announces = if next.extended.sparse {
                    Announces::Sparse { continued: false }
                } else {
                    announces
                };
                if let Err(why) = self.member(&name, announces, link, &content) {
                    let (archive, name) = (self.archive.to_owned(), name.into_owned());
                    self.index.refused.push(Refused { archive, name, why });
                }
                if self
                    .index
                    .members
                    .is_full(self.index.refused.len().saturating_add(self.hard_links.len()))
                {
                    self.note(
                        start,
                        "too many members: those from here on are left out".to_owned(),
                    );
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn member(
        &mut self,
        stored: &str,
        announces: Announces,
        link: Option<Vec<u8>>,
        content: &Range<u64>,
    ) -> Result<(), Refusal> {
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let path = name::inside(stored)?;
        let what = match announces {
            Announces::File => What::File(self.cut(&path, content)),
            Announces::Directory => What::Directory,
            Announces::HardLink(target) => {
                let target = lossy(&link.unwrap_or(target));
                self.hard_links.push(HardLink { stored: stored.to_owned(), path, target });
                return Ok(());
            }
            Announces::SymbolicLink(target) => {
                let target = lossy(&link.unwrap_or(target));
                self.index.members.add(&path, What::Link);
                return Err(Refusal::SymbolicLink(target));
            }
            Announces::Sparse { .. } => return Err(Refusal::Sparse),
            Announces::Device => {
                self.index.members.add(&path, What::Other);
                return Err(Refusal::Device);
            }
            Announces::Unknown(kind) => return Err(Refusal::Unknown(kind.into())),
            Announces::LongName | Announces::LongLink | Announces::Extended | Announces::Aside => {
                return Ok(());
            }
        };
        self.index.members.add(&path, what);
        Ok(())
    }

    /// Gives hard links the content of the files they name, once all members are known.
    fn resolve_hard_links(&mut self) {
        let mut found = Vec::new();
        for HardLink { stored: name, path, target } in std::mem::take(&mut self.hard_links) {
            let file = name::inside(&target).ok().and_then(|at| self.index.members.get(&at));
            if let Some(file @ What::File(_)) = file {
                found.push((path, file.clone()));
            } else {
                let (archive, why) = (self.archive.to_owned(), Refusal::HardLink(target));
                self.index.refused.push(Refused { archive, name, why });
            }
        }
        for (path, file) in found {
            self.index.members.add(&path, file);
        }
        self.index.members.sort();
    }

    /// The part of `content` that the archive has.
    fn cut(&mut self, path: &str, content: &Range<u64>) -> Range<u64> {
        let end = content.end.min(self.file.len());
        if end < content.end {
            let have = end.saturating_sub(content.start);
            let size = content.end.saturating_sub(content.start);
            self.cut = true;
            let text = format!("cut inside {path}: {have} of its {size} bytes are there");
            self.note(content.start, text);
        }
        content.start.min(end)..end
    }

    /// The content of a small member; `None` if it is too long to be what it should be.
    fn text(&mut self, content: &Range<u64>) -> Result<Option<Vec<u8>>, ReadError> {
        if content.end.saturating_sub(content.start) > LONGEST {
            self.note(content.start, "a member's name or its attributes are too long".to_owned());
            return Ok(None);
        }
        let mut scratch = Vec::new();
        Ok(Some(self.file.window(content.clone(), &mut scratch)?.to_vec()))
    }

    /// Old GNU sparse files go on with more headers, each with a flag whether one more follows.
    fn skip_sparse_headers(&mut self, start: u64, padded: u64) -> Result<(), ReadError> {
        let mut at = start;
        let mut scratch = Vec::new();
        loop {
            let block = self.file.window(at..at.saturating_add(BLOCK), &mut scratch)?;
            at = at.saturating_add(BLOCK);
            if block.get(504).is_none_or(|&continued| continued == 0) {
                break;
            }
        }
        self.at = at.saturating_add(padded);
        Ok(())
    }

    fn note(&mut self, byte: u64, text: String) {
        let archive = self.archive.to_owned();
        match self.index.notes.len() {
            0..NOTES => self.index.notes.push(Note { archive, byte, text }),
            NOTES => {
                let text = "more damage from here on".to_owned();
                self.index.notes.push(Note { archive, byte, text });
            }
            _ => {}
        }
    }
}

fn before_nul(mut name: Vec<u8>) -> Vec<u8> {
    let end = name.iter().position(|&byte| byte == 0).unwrap_or(name.len());
    name.truncate(end);
    name
}
