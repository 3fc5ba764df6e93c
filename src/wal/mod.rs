//! The log as one stream of records: segments by number on one line of timelines, read in order
//! by several threads.
mod class;
mod end;
mod histories;
mod join;
mod keys;
mod leftover;
mod line;
mod log;
mod names;
mod open;
mod segment;
mod walk;
mod window;

pub use class::{ChangeKind, ClassChange, ClassLog, Kept, Watch, double_of};
pub use end::{Behind, end_class};
pub use histories::{Histories, same_line};
pub use join::{End, Step, read, read_in_parts};
pub use keys::Keys;
pub use line::Line;
pub use log::{Log, Timelines};
pub use names::{Named, Names, numbers};
pub use open::Opened;
pub use segment::{Event, Gap, Seam, SegmentReader};
pub use walk::{Outlet, Part, Range, walk};
pub use window::Window;
