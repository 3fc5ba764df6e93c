//! What each file holds, by its first page; which segments are missing; which copies differ.
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::page::is_zeroed;
use crate::format::wal::{LongPageHeader, PageHeader, SegmentNumber, StreamShape};
use crate::report::wal::check::{Counts, File, Missing, Run, State};
use crate::source::{Compression, SegmentFile};
use crate::wal::Log;
use std::collections::BTreeMap;

/// All files, and what is seen from them.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) files: Vec<File>,
    pub(super) counts: Counts,
    pub(super) runs: Vec<Run>,
    pub(super) missing: Vec<Missing>,
    pub(super) findings: Findings,
}

impl Survey {
    /// Looks at the first page of every file.
    pub(super) fn of(log: &Log) -> Self {
        let mut all = Self::default();
        let mut states: BTreeMap<SegmentNumber, State> = BTreeMap::new();
        for file in log.places().iter().flat_map(|place| &place.segments) {
            let size = log.shape.segment_size;
            let Some(number) = file.name.number(size) else {
                let what = format!("no segment of {size} bytes has this name");
                let place = Place::file(&file.path);
                all.findings.push(Finding::new(&rules::WAL_UNRECOGNISED, place, what));
                continue;
            };
            let (state, compression) = all.state(file, number, &log.shape);
            let counts = log.segments().get(&number).is_some_and(|one| one.path == file.path);
            if counts {
                states.insert(number, state);
            }
            all.counts.add(state);
            all.counts.compressed += u64::from(compression.is_some());
            all.counts.partial += u64::from(file.partial);
            all.files.push(File {
                segment: number.file_name(file.name.timeline, size),
                file: file.path.clone(),
                size: file.len,
                state,
                compression,
                partial: file.partial,
                counts,
            });
        }
        all.copies(log);
        all.row(log, &states);
        all
    }

    fn state(
        &mut self,
        file: &SegmentFile,
        number: SegmentNumber,
        shape: &StreamShape,
    ) -> (State, Option<&'static str>) {
        let start = match file.start(shape.block_size.into()) {
            Ok(start) => start,
            Err(error) => {
                self.findings.push(Finding::from(&error));
                return (State::Unreadable, None);
            }
        };
        let compression = match start.compression {
            Compression::None => None,
            Compression::Gzip => Some("gzip"),
            Compression::Lz4 => Some("lz4"),
            Compression::Zstd => Some("zstd"),
        };
        let page = start.bytes().get(..shape.block_size as usize).unwrap_or(start.bytes());
        let state = match PageHeader::read(page) {
            _ if file.len == 0 => State::ZeroLength,
            None => start.damage.as_ref().map_or(State::Cut, |_| State::Unreadable),
            Some(header) => {
                let state = of_header(header, page, number, shape);
                let plain = compression.is_none();
                let short = plain && file.len < shape.segment_size.into();
                if short && state == State::Valid { State::Cut } else { state }
            }
        };
        self.judge(file, state, shape);
        (state, compression)
    }

    fn judge(&mut self, file: &SegmentFile, state: State, shape: &StreamShape) {
        let (rule, what) = match state {
            State::ZeroLength => (&rules::WAL_ZERO_LENGTH, "it has no byte".to_owned()),
            State::Cut if file.partial => return,
            State::Cut => {
                let (len, size) = (file.len, shape.segment_size);
                (&rules::WAL_CUT, format!("it has {len} of {size} bytes"))
            }
            State::Foreign => {
                let expected = shape.system_identifier.unwrap_or_default();
                (&rules::WAL_FOREIGN, format!("its system identifier is not {expected}"))
            }
            State::Unrecognised => {
                (&rules::WAL_UNRECOGNISED, "its first page is none of this major".to_owned())
            }
            State::Unreadable => (&rules::WAL_UNRECOGNISED, "it does not decompress".to_owned()),
            State::Valid | State::Recycled | State::Preallocated => return,
        };
        self.findings.push(Finding::new(rule, Place::file(&file.path), what));
    }

    /// Segments in a row, and those between that are not there.
    fn row(&mut self, log: &Log, states: &BTreeMap<SegmentNumber, State>) {
        let holds = |state: &State| matches!(state, State::Valid | State::Cut);
        let last =
            states.iter().filter(|(_, state)| holds(state)).map(|(number, _)| *number).next_back();
        let mut before: Option<SegmentNumber> = None;
        let mut current: Option<(SegmentNumber, SegmentNumber, Option<State>)> = None;
        for (&number, &state) in states {
            let expected = before.map_or(number, SegmentNumber::next);
            // Behind the last segment with WAL, those that wait to be used need not be in a row.
            if expected < number && last.is_some_and(|last| number <= last) {
                self.end_run(log, &mut current);
                let end = SegmentNumber(number.0.saturating_sub(1));
                current = Some((expected, end, None));
                self.end_run(log, &mut current);
            }
            let timeline = |number| log.timeline_of(number);
            current = match current.take() {
                Some((first, to, was))
                    if was == Some(state)
                        && to.next() == number
                        && timeline(to) == timeline(number) =>
                {
                    Some((first, number, was))
                }
                other => {
                    current = other;
                    self.end_run(log, &mut current);
                    Some((number, number, Some(state)))
                }
            };
            before = Some(number);
        }
        self.end_run(log, &mut current);
    }

    fn end_run(
        &mut self,
        log: &Log,
        current: &mut Option<(SegmentNumber, SegmentNumber, Option<State>)>,
    ) {
        let Some((from, to, state)) = current.take() else { return };
        let name = |number: SegmentNumber| {
            number.file_name(log.timeline_of(number), log.shape.segment_size)
        };
        let segments = to.0.saturating_sub(from.0).saturating_add(1);
        let (first, last) = (name(from), name(to));
        if state.is_none() {
            self.counts.missing += segments;
            let missing = Missing { first: first.clone(), last: last.clone(), segments };
            self.missing.push(missing);
            let what = match segments {
                1 => "1 segment".to_owned(),
                count => format!("{count} segments, up to {last}"),
            };
            let place =
                Place { lsn: Some(from.start(log.shape.segment_size)), ..Place::object(&first) };
            let said = format!("requested WAL segment {first} has already been removed");
            self.findings.push(Finding::new(&rules::WAL_MISSING, place, what).says(said));
        }
        self.runs.push(Run { first, last, segments, state });
    }

    /// Compares files for one segment of one timeline.
    fn copies(&mut self, log: &Log) {
        let mut firsts: BTreeMap<_, &SegmentFile> = BTreeMap::new();
        for file in log.segments().values() {
            firsts.insert(file.name, file);
        }
        for file in log.places().iter().flat_map(|place| &place.segments) {
            let first = *firsts.entry(file.name).or_insert(file);
            if first.path == file.path {
                continue;
            }
            self.counts.duplicate += 1;
            if let Some(byte) = differs(first, file, &log.shape) {
                let place = Place { byte: Some(byte), ..Place::file(&file.path) };
                let what = format!("it differs from {} from this byte on", first.path);
                self.findings.push(Finding::new(&rules::WAL_COPIES_DIFFER, place, what));
            }
        }
    }
}

/// What a first page with this header says that the file holds.
fn of_header(header: PageHeader, page: &[u8], number: SegmentNumber, shape: &StreamShape) -> State {
    let start = number.start(shape.segment_size);
    let long = LongPageHeader::parse(page).ok().map(|(_, long)| long);
    let foreign = shape.system_identifier.is_some_and(|expected| {
        long.is_some_and(|long| long.is_long() && long.is_foreign(expected))
    });
    let known = header.xlp_magic == shape.layout.wal_page_magic;
    match header.xlp_pageaddr {
        _ if is_zeroed(page) => State::Preallocated,
        _ if known && foreign => State::Foreign,
        // One damaged field is named where records are read.
        at if at == start => State::Valid,
        at if known && at < start && at.0.is_multiple_of(shape.segment_size.into()) => {
            State::Recycled
        }
        _ if known => State::Valid,
        _ => State::Unrecognised,
    }
}

/// The first byte at which two files for a segment say different things; `None` if they agree as
/// far as both go. Pages that are not in their place are no WAL of this segment.
fn differs(one: &SegmentFile, other: &SegmentFile, shape: &StreamShape) -> Option<u64> {
    let (one, other) = (one.load(shape.segment_size).ok()?, other.load(shape.segment_size).ok()?);
    let size = shape.block_size as usize;
    let start = one.bytes().get(8..16)?;
    let pages = one.bytes().chunks_exact(size).zip(other.bytes().chunks_exact(size));
    let base = u64::from_le_bytes(start.try_into().ok()?);
    pages.enumerate().find_map(|(index, (one, other))| {
        let offset = index as u64 * size as u64;
        let in_place = |page: &[u8]| {
            PageHeader::read(page).is_some_and(|header| header.xlp_pageaddr.0 == base + offset)
        };
        if one == other || !in_place(one) || !in_place(other) {
            return None;
        }
        let written = |page: &[u8]| page.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        let both = written(one).min(written(other));
        let same = one.iter().zip(other).take(both);
        let at = same.take_while(|(one, other)| one == other).count();
        (at < both).then_some(offset + at as u64)
    })
}
