//! Judging pg_control (`ReadControlFile`, access/transam/xlog.c).
use crate::finding::rules::{
    CONTROL_ALIGNMENT, CONTROL_BYTE_ORDER, CONTROL_CATALOG_VERSION, CONTROL_CHECKPOINT,
    CONTROL_CRC, CONTROL_FLOAT, CONTROL_FORK, CONTROL_LAYOUT, CONTROL_POISONED, CONTROL_SIZES,
    CONTROL_STATE, CONTROL_VERSION,
};
use crate::finding::{Finding, Place, Rule};
use crate::format::control::{ByteOrder, ClusterState, ControlFile, ControlIdent};
use crate::layout::Layout;
use crate::types::Lsn;

/// What every server records as its floating-point constant (`FLOATFORMAT_VALUE`).
const FLOAT_FORMAT: f64 = 1_234_567.0;
/// What pgBackRest writes over the checkpoint's location in a backup.
const POISON: Lsn = Lsn(0xDEAD);
/// `SizeOfXLogShortPHD`: no record starts in a WAL page's header.
const WAL_PAGE_HEADER: u64 = 24;

/// Why the file of `ident` is not read at all: byte order, or alignment. Other bytes must say so
/// than those that may be damaged: a CRC that fits, or the floating-point constant in place.
pub fn unsupported_control(file: &str, ident: &ControlIdent) -> Option<Finding> {
    let found = |rule, evidence: String| Some(Finding::new(rule, Place::file(file), evidence));
    let whole = ident.crc_at.is_some();
    if ident.byte_order == ByteOrder::Big && (whole || ident.max_align.is_some()) {
        let evidence =
            format!("pg_control_version is {} when read backwards", ident.control_version);
        return found(&CONTROL_BYTE_ORDER, evidence)
            .map(|finding| finding.says("database files are incompatible with server"));
    }
    match ident.max_align {
        Some(align) if align != 8 && whole => {
            found(&CONTROL_ALIGNMENT, format!("maxAlign is {align}"))
                .map(|finding| finding.says("database files are incompatible with server"))
        }
        _ => None,
    }
}

/// Everything wrong with `control`, which was read from `file` as `layout` lays it out.
pub fn control(
    file: &str,
    ident: &ControlIdent,
    control: &ControlFile,
    layout: &Layout,
) -> Vec<Finding> {
    let found =
        |rule: &'static Rule, evidence: String| Finding::new(rule, Place::file(file), evidence);
    let mut findings = Vec::new();
    findings.extend(checksum(ident, control, layout, &found));
    if control.pg_control_version != layout.control_version {
        let evidence = format!(
            "pg_control_version is {}, PostgreSQL {} has {}",
            control.pg_control_version, layout.version, layout.control_version
        );
        let says = "database files are incompatible with server";
        findings.push(found(&CONTROL_VERSION, evidence).says(says));
    } else if control.catalog_version_no != layout.catalog_version {
        let evidence = format!(
            "catalog_version_no is {}, PostgreSQL {} has {}",
            control.catalog_version_no, layout.version, layout.catalog_version
        );
        findings.push(found(&CONTROL_CATALOG_VERSION, evidence));
    }
    if let ClusterState::Unknown(state) = control.state {
        let says = "control file contains invalid database cluster state";
        findings.push(found(&CONTROL_STATE, format!("state is {state}")).says(says));
    }
    if control.build.float_format.to_bits() != FLOAT_FORMAT.to_bits() {
        let evidence = format!("floatFormat is {:e}", control.build.float_format);
        findings.push(found(&CONTROL_FLOAT, evidence));
    }
    findings.extend(sizes(control, &found));
    findings.extend(checkpoint(control, &found));
    if let Some(modes) = control.fork_modes {
        let evidence = format!("dbmode {}, casemode {}", modes.dbmode, modes.casemode);
        findings.push(found(&CONTROL_FORK, evidence));
    }
    findings
}

/// A CRC that fits elsewhere is another layout's, not damage.
fn checksum(
    ident: &ControlIdent,
    control: &ControlFile,
    layout: &Layout,
    found: &impl Fn(&'static Rule, String) -> Finding,
) -> Option<Finding> {
    if control.crc_ok() {
        return None;
    }
    let finding = if let Some(at) = ident.crc_at {
        let here = control.crc_at;
        found(&CONTROL_LAYOUT, format!("the CRC that fits is at byte {at}, not at {here}"))
    } else {
        let (stored, computed) = (control.crc, control.computed_crc);
        found(&CONTROL_CRC, format!("CRC is {stored:08X}, computed {computed:08X}"))
    };
    Some(finding.says(layout.controldata.bad_crc.replace('\n', " ")))
}

/// Sizes that are no powers of two within what PostgreSQL can be built with.
fn sizes(control: &ControlFile, found: &impl Fn(&'static Rule, String) -> Finding) -> Vec<Finding> {
    let build = &control.build;
    let power = |field: &str, size: u32, least: u32, most: u32| {
        let fits = size.is_power_of_two() && (least..=most).contains(&size);
        let evidence = || format!("{field} is {size}, not a power of two from {least} to {most}");
        (!fits).then(|| found(&CONTROL_SIZES, evidence()))
    };
    let wal_segment = power("xlog_seg_size", build.xlog_seg_size, 1 << 20, 1 << 30);
    let says = format!(
        "invalid WAL segment size in control file ({} bytes)",
        build.xlog_seg_size.cast_signed()
    );
    [
        power("blcksz", build.blcksz, 1 << 10, 1 << 15),
        power("xlog_blcksz", build.xlog_blcksz, 1 << 10, 1 << 16),
        wal_segment.map(|finding| finding.says(says)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `XRecOffIsValid`, and the poison.
fn checkpoint(
    control: &ControlFile,
    found: &impl Fn(&'static Rule, String) -> Finding,
) -> Option<Finding> {
    let (at, redo) = (control.check_point, control.check_point_copy.redo);
    let says = "control file contains invalid checkpoint location";
    let in_page = at.0.checked_rem(u64::from(control.build.xlog_blcksz)).unwrap_or(0);
    if at == POISON {
        Some(found(&CONTROL_POISONED, format!("checkPoint is {at}")))
    } else if in_page < WAL_PAGE_HEADER {
        Some(found(&CONTROL_CHECKPOINT, format!("checkPoint is {at}")).says(says))
    } else if redo > at || !redo.is_valid() {
        let evidence = format!("checkPoint is {at}, its redo pointer {redo}");
        Some(found(&CONTROL_CHECKPOINT, evidence))
    } else {
        None
    }
}
