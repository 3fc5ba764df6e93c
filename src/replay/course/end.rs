//! Whether a server that came to the end of recovery opens (`PerformWalRecovery`,
//! access/transam/xlogrecovery.c; `StartupXLOG`, access/transam/xlog.c).
use super::Course;
use crate::cluster::Cluster;
use crate::replay::start::{Kind, Start};
use crate::report::replay::Refusal;

/// Notes why it would not, if so.
pub(super) fn judge(mut course: Course, cluster: &Cluster, start: &Start) -> Course {
    if course.refusal.is_none() && start.kind != Kind::None {
        course.refusal = refusal(&course, cluster, start);
    }
    course
}

fn refusal(course: &Course, cluster: &Cluster, start: &Start) -> Option<Refusal> {
    let rules = cluster.dialect().layout.startup();
    if course.stop.is_some() {
        return course.consistent.is_none().then(|| {
            Refusal::fatal("requested recovery stop point is before consistent recovery point")
        });
    }
    // A standby waits for more.
    if start.signals.standby {
        return None;
    }
    if start.requested && start.target.goal.is_some() && rules.needs_target {
        let what = "recovery ended before configured recovery target was reached";
        return Some(Refusal::fatal(what));
    }
    let limits = &course.limits;
    let short = course.end < limits.min_recovery_point || limits.backup_start.is_valid();
    if !short || !(start.requested || limits.backup_end_required) {
        return None;
    }
    let what = "WAL ends before end of online backup";
    Some(
        if limits.backup_end_required
            || (limits.backup_start.is_valid() && rules.consistent_without_end)
        {
            Refusal::fatal(what).hint(
                "All WAL generated while online backup was taken must be available at recovery.",
            )
        } else if limits.backup_start.is_valid() {
            Refusal::fatal(what).hint("Online backup started with pg_start_backup() must be ended with pg_stop_backup(), and all WAL up to that point must be available at recovery.")
        } else {
            Refusal::fatal("WAL ends before consistent recovery point")
        },
    )
}
