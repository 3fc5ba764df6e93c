//! WAL: pages, records, full-page images, and what each resource manager's records say.
mod crc;
mod fault;
mod heads;
mod image;
mod page;
mod record;
pub mod rmgr;
mod segment;
mod stream;
pub mod summary;

pub use crc::checksum;
pub use fault::{Failure, MAX_RECORD, WalFault};
pub use heads::{BlockHead, Heads};
pub use image::{Image, ImageCompression, ImageError};
pub use page::{LongPageHeader, MIN_SEGMENT_SIZE, PageHeader};
pub use record::{BlockRef, Record, RecordHeader};
pub use segment::{SegmentName, SegmentNumber, segment_name};
pub use stream::{Found, Located, Pages, Reader, StreamShape};
