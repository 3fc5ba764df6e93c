//! Where to begin and to end: LSNs, or names of segments.
use super::input::WalInput;
use crate::cli::CliError;
use crate::format::wal::{SegmentName, SegmentNumber};
use crate::types::Lsn;
use crate::wal::Range;
use std::str::FromStr;

/// A place in WAL as the user writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Lsn(Lsn),
    Segment(SegmentName),
}

impl FromStr for Position {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.rsplit('/').next().and_then(SegmentName::parse).map(Self::Segment);
        let lsn = || text.parse().ok().map(Self::Lsn);
        name.or_else(lsn).ok_or_else(|| {
            "expected an LSN, such as 0/16B3740, or the name of a segment".to_owned()
        })
    }
}

impl Position {
    /// Where it begins, if a segment can have that name.
    fn start(self, segment_size: u32) -> Option<Lsn> {
        match self {
            Self::Lsn(lsn) => Some(lsn),
            Self::Segment(name) => Some(name.number(segment_size)?.start(segment_size)),
        }
    }

    /// Where it ends: a segment does so at its last byte.
    fn end(self, segment_size: u32) -> Option<Lsn> {
        match self {
            Self::Lsn(lsn) => Some(lsn),
            Self::Segment(name) => Some(name.number(segment_size)?.next().start(segment_size)),
        }
    }
}

/// The part of the log that `--start`, `--end` and the segments among the selectors leave.
pub(super) fn range(
    input: &WalInput,
    start: Option<Position>,
    end: Option<Position>,
) -> Result<Range, CliError> {
    let size = input.log.shape.segment_size;
    let none = || CliError::usage("there is no segment of that name, at their size in this WAL");
    let place = |position: Option<Position>, of: fn(Position, u32) -> Option<Lsn>| {
        position.map(|position| of(position, size).ok_or_else(none)).transpose()
    };
    let (from, until) = (place(start, Position::start)?, place(end, Position::end)?);
    let segments = segments(input)?;
    let range = Range {
        from: from.or(segments.map(|(first, _)| first.start(size))).unwrap_or(Lsn::INVALID),
        until: until.or(segments.map(|(_, last)| last.next().start(size))).unwrap_or(Lsn(u64::MAX)),
    };
    if let Some((first, last)) = segments {
        let inside = first.start(size)..=last.next().start(size);
        if !inside.contains(&range.from) || !inside.contains(&range.until) {
            return Err(CliError::usage("--start and --end are not inside the segments named"));
        }
    }
    if range.from >= range.until {
        return Err(CliError::usage("the end is not behind the start"));
    }
    Ok(range)
}

/// The first and the last segment, if the selectors name any.
fn segments(input: &WalInput) -> Result<Option<(SegmentNumber, SegmentNumber)>, CliError> {
    let size = input.log.shape.segment_size;
    let number = |text: &String| {
        let name = text.rsplit('/').next().and_then(SegmentName::parse);
        let number = name.and_then(|name| name.number(size));
        let number = number.filter(|number| input.log.segments().contains_key(number));
        number.ok_or_else(|| {
            CliError::usage(format!("there is no segment \"{text}\""))
                .hint("Selectors are the names of the first and of the last segment.")
        })
    };
    match input.selectors.as_slice() {
        [] => Ok(None),
        [one] => number(one).map(|one| Some((one, one))),
        [first, last] => Ok(Some((number(first)?, number(last)?))),
        _ => Err(CliError::usage("there are more than two segments")),
    }
}
