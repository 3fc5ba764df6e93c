//! WAL (access/xlog_internal.h): so far what a segment says of itself.
mod page;

pub use page::{LongPageHeader, MIN_SEGMENT_SIZE, SegmentName};
