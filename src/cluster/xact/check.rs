//! Whether the logs hold what they must: the status of each transaction, and the members of each
//! multixact, that rows may still refer to.
use super::TransactionLog;
use super::slru::Slru;
use crate::finding::{Finding, Findings, Place, rules};
use crate::format::slru::clog;
use crate::format::slru::multixact::offset_place;
use crate::format::slru::{Log, Place as At};
use crate::types::{MultiXactId, Xid};

impl TransactionLog {
    /// Segment files of pg_xact and pg_multixact/offsets that are missing or too short, by the
    /// counters in pg_control; nothing if these are lost.
    pub(in crate::cluster) fn check(&self) -> Findings {
        let mut findings = Findings::default();
        let Some(checkpoint) = &self.checkpoint else { return findings };
        let xid = |xid| clog::place(xid, &self.dialect);
        let next = checkpoint.next_xid.xid().0.wrapping_sub(1);
        let newest = Xid(next.max(Xid::FIRST_NORMAL.0));
        let range = (xid(checkpoint.oldest_xid), xid(newest), xid(Xid(u32::MAX)).segment);
        self.check_log(&self.xact, range, &mut findings);
        let (oldest, next) = (checkpoint.oldest_multi, checkpoint.next_multi);
        if oldest != next {
            let multi = |multi| offset_place(multi, &self.dialect);
            let newest = MultiXactId(next.0.wrapping_sub(1));
            let range = (multi(oldest), multi(newest), multi(MultiXactId(u32::MAX)).segment);
            self.check_log(&self.offsets, range, &mut findings);
        }
        findings
    }

    /// Files that could not be read when they were needed, until now.
    pub(in crate::cluster) fn unreadable(&self) -> Findings {
        let mut findings = Findings::default();
        for slru in [&self.xact, &self.subtrans, &self.offsets, &self.members, &self.commit_ts] {
            for error in slru.failures() {
                let (place, evidence) = (Place::file(&*error.path), error.kind.to_string());
                findings.push(Finding::new(&rules::FILE_UNREADABLE, place, evidence));
            }
        }
        findings
    }

    /// Every segment from `first` to `last` must be there, in whole pages; numbers start over
    /// after `end`.
    fn check_log(&self, slru: &Slru, (first, last, end): (At, At, u64), findings: &mut Findings) {
        let geometry = &self.dialect.geometry;
        let page = u64::from(geometry.block_size.max(1));
        let whole = page * u64::from(geometry.slru_pages);
        let mut number = first.segment.min(end);
        // Once around at most, whatever the counters say.
        for _ in 0..=end {
            let wanted = if number == last.segment { (last.byte / page + 1) * page } else { whole };
            let place = Place::file(slru.log().path(number, &self.dialect));
            match slru.len_of(number) {
                None => {
                    let evidence = missing(slru.log(), number);
                    findings.push(Finding::new(&rules::SLRU_SEGMENT_MISSING, place, evidence));
                }
                Some(len) if len < wanted => {
                    let evidence = format!("{len} bytes, needed are {wanted}");
                    findings.push(Finding::new(&rules::SLRU_SEGMENT_SHORT, place, evidence));
                }
                Some(_) => {}
            }
            if number == last.segment {
                break;
            }
            number = if number >= end { 0 } else { number + 1 };
        }
    }
}

fn missing(log: Log, number: u64) -> String {
    let of = if log == Log::Xact { "transactions" } else { "multixacts" };
    format!("segment {number:X} is not there, though {of} that it holds are still looked up")
}
