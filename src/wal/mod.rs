//! The log as one stream of records: segments by number on one line of timelines, read in order
//! by several threads.
mod join;
mod log;
mod segment;
mod walk;
mod window;

pub use join::{End, Step, read};
pub use log::{Log, Timelines};
pub use segment::{Event, Gap, Seam, SegmentReader};
pub use walk::{Part, Range, walk};
pub use window::Window;
