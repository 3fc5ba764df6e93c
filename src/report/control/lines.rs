//! pg_controldata's lines (bin/pg_controldata/pg_controldata.c). What a major does not record has
//! no line; nothing else but the writing of LSNs ever changed.
use crate::format::control::{CheckPoint, ControlFile};
use crate::layout::Layout;
use crate::types::UnixTime;
use jiff::tz::TimeZone;

type Lines = Vec<(&'static str, String)>;

/// All of them, in order, as pg_controldata prints them with LC_ALL=C.
pub(super) fn lines(control: &ControlFile, layout: &Layout, zone: &TimeZone) -> Lines {
    let mut lines = system(control, zone);
    lines.extend(checkpoint(control, layout));
    let time = local_time(control.check_point_copy.time, zone);
    lines.push(("Time of latest checkpoint:", time));
    lines.extend(recovery(control, layout));
    lines.extend(settings(control, layout));
    lines.extend(build(control));
    // IvorySQL's own, which are zero in PostgreSQL and in IvorySQL's PostgreSQL mode.
    lines.extend(control.fork_modes.iter().flat_map(|modes| {
        [
            ("database mode:", modes.dbmode.to_string()),
            ("case conversion mode:", modes.casemode.to_string()),
        ]
    }));
    lines
}

/// `wal_level_str`.
pub(super) const fn wal_level(level: i32, layout: &Layout) -> &'static str {
    match level {
        0 => "minimal",
        1 => "replica",
        2 => "logical",
        _ => layout.controldata.unknown_wal_level,
    }
}

/// strftime's `%c` in the C locale, of the local time zone.
fn local_time(time: UnixTime, zone: &TimeZone) -> String {
    time.instant().map_or_else(
        || "???".to_owned(),
        |at| at.to_zoned(zone.clone()).strftime("%a %b %e %H:%M:%S %Y").to_string(),
    )
}

fn on(flag: bool) -> String {
    if flag { "on" } else { "off" }.to_owned()
}

fn by(value: bool) -> String {
    if value { "by value" } else { "by reference" }.to_owned()
}

fn system(control: &ControlFile, zone: &TimeZone) -> Lines {
    vec![
        ("pg_control version number:", control.pg_control_version.to_string()),
        ("Catalog version number:", control.catalog_version_no.to_string()),
        ("Database system identifier:", control.system_identifier.to_string()),
        ("Database cluster state:", control.state.to_string()),
        ("pg_control last modified:", local_time(control.time, zone)),
    ]
}

fn checkpoint(control: &ControlFile, layout: &Layout) -> Lines {
    let of = &control.check_point_copy;
    let file = of.redo.wal_file_name(of.this_timeline_id, control.build.xlog_seg_size);
    let mut lines = vec![
        ("Latest checkpoint location:", layout.lsn_text(control.check_point)),
        ("Latest checkpoint's REDO location:", layout.lsn_text(of.redo)),
        ("Latest checkpoint's REDO WAL file:", file.unwrap_or_else(|| "???".to_owned())),
        ("Latest checkpoint's TimeLineID:", of.this_timeline_id.to_string()),
        ("Latest checkpoint's PrevTimeLineID:", of.prev_timeline_id.to_string()),
        ("Latest checkpoint's full_page_writes:", on(of.full_page_writes)),
    ];
    let decoding = of.logical_decoding_enabled;
    lines.extend(decoding.map(|enabled| ("Latest checkpoint's logical decoding:", on(enabled))));
    lines.extend(counters(of));
    lines
}

fn counters(of: &CheckPoint) -> Lines {
    let next_xid = format!("{}:{}", of.next_xid.epoch(), of.next_xid.xid());
    vec![
        ("Latest checkpoint's NextXID:", next_xid),
        ("Latest checkpoint's NextOID:", of.next_oid.to_string()),
        ("Latest checkpoint's NextMultiXactId:", of.next_multi.to_string()),
        ("Latest checkpoint's NextMultiOffset:", of.next_multi_offset.to_string()),
        ("Latest checkpoint's oldestXID:", of.oldest_xid.to_string()),
        ("Latest checkpoint's oldestXID's DB:", of.oldest_xid_db.to_string()),
        ("Latest checkpoint's oldestActiveXID:", of.oldest_active_xid.to_string()),
        ("Latest checkpoint's oldestMultiXid:", of.oldest_multi.to_string()),
        ("Latest checkpoint's oldestMulti's DB:", of.oldest_multi_db.to_string()),
        ("Latest checkpoint's oldestCommitTsXid:", of.oldest_commit_ts_xid.to_string()),
        ("Latest checkpoint's newestCommitTsXid:", of.newest_commit_ts_xid.to_string()),
    ]
}

fn recovery(control: &ControlFile, layout: &Layout) -> Lines {
    let of = &control.recovery;
    let required = if of.backup_end_required { "yes" } else { "no" };
    vec![
        ("Fake LSN counter for unlogged rels:", layout.lsn_text(of.unlogged_lsn)),
        ("Minimum recovery ending location:", layout.lsn_text(of.min_recovery_point)),
        ("Min recovery ending loc's timeline:", of.min_recovery_point_tli.to_string()),
        ("Backup start location:", layout.lsn_text(of.backup_start_point)),
        ("Backup end location:", layout.lsn_text(of.backup_end_point)),
        ("End-of-backup record required:", required.to_owned()),
    ]
}

fn settings(control: &ControlFile, layout: &Layout) -> Lines {
    let of = &control.settings;
    vec![
        ("wal_level setting:", wal_level(of.wal_level, layout).to_owned()),
        ("wal_log_hints setting:", on(of.wal_log_hints)),
        ("max_connections setting:", of.max_connections.to_string()),
        ("max_worker_processes setting:", of.max_worker_processes.to_string()),
        ("max_wal_senders setting:", of.max_wal_senders.to_string()),
        ("max_prepared_xacts setting:", of.max_prepared_xacts.to_string()),
        ("max_locks_per_xact setting:", of.max_locks_per_xact.to_string()),
        ("track_commit_timestamp setting:", on(of.track_commit_timestamp)),
    ]
}

fn build(control: &ControlFile) -> Lines {
    let of = &control.build;
    let mut lines = vec![
        ("Maximum data alignment:", of.max_align.to_string()),
        ("Database block size:", of.blcksz.to_string()),
        ("Blocks per segment of large relation:", of.relseg_size.to_string()),
    ];
    let pages = of.slru_pages_per_segment;
    lines.extend(pages.map(|pages| ("Pages per SLRU segment:", pages.to_string())));
    lines.extend([
        ("WAL block size:", of.xlog_blcksz.to_string()),
        ("Bytes per WAL segment:", of.xlog_seg_size.to_string()),
        ("Maximum length of identifiers:", of.name_data_len.to_string()),
        ("Maximum columns in an index:", of.index_max_keys.to_string()),
        ("Maximum size of a TOAST chunk:", of.toast_max_chunk_size.to_string()),
        ("Size of a large-object chunk:", of.loblksize.to_string()),
        ("Date/time type storage:", "64-bit integers".to_owned()),
    ]);
    lines.extend(of.float4_by_val.map(|value| ("Float4 argument passing:", by(value))));
    lines.push(("Float8 argument passing:", by(of.float8_by_val)));
    lines.push(("Data page checksum version:", of.data_checksum_version.to_string()));
    let signed = |signed| if signed { "signed" } else { "unsigned" }.to_owned();
    let signedness = of.default_char_signedness;
    lines.extend(signedness.map(|value| ("Default char data signedness:", signed(value))));
    let nonce = hex::encode(control.mock_authentication_nonce);
    lines.push(("Mock authentication nonce:", nonce));
    lines
}
