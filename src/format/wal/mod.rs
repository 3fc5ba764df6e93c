//! WAL: pages, records, full-page images, and what each resource manager's records say.
mod fault;
mod image;
mod page;
mod record;
pub mod rmgr;
mod segment;
mod stream;
pub mod summary;

pub use fault::{Failure, MAX_RECORD, WalFault};
pub use image::{Image, ImageCompression, ImageError};
pub use page::{LongPageHeader, MIN_SEGMENT_SIZE, PageHeader};
pub use record::{BlockRef, Record, RecordHeader, checksum};
pub use segment::{SegmentName, SegmentNumber, segment_name};
pub use stream::{Located, Pages, Reader, StreamShape};
