//! `control`: everything in pg_control, and what the cluster's state means.
//!
//! Names in JSON are the columns of pg_control_system(), pg_control_checkpoint(),
//! pg_control_recovery() and pg_control_init(), where these show the value; in text, lines are
//! those of pg_controldata, one for one.
mod lines;
mod state;

pub use state::Circumstances;

use super::Present;
use super::doc::{Block, Cell, Column, Doc, Table};
use crate::format::control::{CheckPoint, ControlFile, ForkModes};
use crate::layout::Layout;
use crate::types::{Lsn, MultiXactId, Oid, TimelineId, UnixTime, Xid};
use jiff::tz::TimeZone;
use serde::Serialize;

/// The answer.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Control {
    /// What the state means, in a sentence or two.
    pub explanation: String,
    /// What the file holds; absent if it could not be read as any known release's.
    #[serde(flatten)]
    pub contents: Option<Contents>,
    /// pg_controldata's lines: label with its colon, value.
    #[serde(skip)]
    lines: Vec<(&'static str, String)>,
}

/// What pg_control holds.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Contents {
    /// As pg_control_system() and pg_controldata show it.
    pub system: System,
    /// The latest checkpoint.
    pub checkpoint: Checkpoint,
    /// How far recovery must go.
    pub recovery: Recovery,
    /// Settings that WAL depends on.
    pub settings: Settings,
    /// What configure and initdb chose.
    pub init: Init,
}

/// Which cluster, in which state.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct System {
    /// Format of pg_control.
    pub pg_control_version: u32,
    /// Format of the system catalogs.
    pub catalog_version_no: u32,
    /// System identifier; text because it has 64 bits.
    pub system_identifier: String,
    /// When the file was last written.
    pub pg_control_last_modified: UnixTime,
    /// State in pg_controldata's words.
    pub state: String,
    /// For SASL exchanges with roles that do not exist, in hexadecimal.
    pub mock_authentication_nonce: String,
    /// Whether the CRC fits.
    pub crc_ok: bool,
    /// CRC-32C as stored, in hexadecimal.
    pub crc: String,
    /// IvorySQL's modes, where a fork has written them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fork_modes: Option<ForkModes>,
}

/// The latest checkpoint.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "columns of pg_control_checkpoint(), described by PostgreSQL")]
pub struct Checkpoint {
    pub checkpoint_lsn: Lsn,
    pub redo_lsn: Lsn,
    pub redo_wal_file: Option<String>,
    pub timeline_id: TimelineId,
    pub prev_timeline_id: TimelineId,
    pub full_page_writes: bool,
    /// wal_level at the checkpoint (17 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wal_level: Option<String>,
    /// 19 and later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logical_decoding: Option<bool>,
    /// Epoch and transaction id.
    pub next_xid: String,
    pub next_oid: Oid,
    pub next_multixact_id: MultiXactId,
    /// Text because it has 64 bits from 19 on.
    pub next_multi_offset: String,
    pub oldest_xid: Xid,
    pub oldest_xid_dbid: Oid,
    pub oldest_active_xid: Xid,
    pub oldest_multi_xid: MultiXactId,
    pub oldest_multi_dbid: Oid,
    pub oldest_commit_ts_xid: Xid,
    pub newest_commit_ts_xid: Xid,
    pub checkpoint_time: UnixTime,
}

/// How far recovery must go.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "columns of pg_control_recovery(), described by PostgreSQL")]
pub struct Recovery {
    /// Next made-up LSN for pages of unlogged relations.
    pub unlogged_lsn: Lsn,
    pub min_recovery_end_lsn: Lsn,
    pub min_recovery_end_timeline: TimelineId,
    pub backup_start_lsn: Lsn,
    pub backup_end_lsn: Lsn,
    pub end_of_backup_record_required: bool,
}

/// Settings that WAL depends on.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "each is the setting of that name")]
pub struct Settings {
    pub wal_level: String,
    pub wal_log_hints: bool,
    pub max_connections: i32,
    pub max_worker_processes: i32,
    pub max_wal_senders: i32,
    pub max_prepared_transactions: i32,
    pub max_locks_per_transaction: i32,
    pub track_commit_timestamp: bool,
}

/// What configure and initdb chose.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "columns of pg_control_init(), described by PostgreSQL")]
pub struct Init {
    pub max_data_alignment: u32,
    pub database_block_size: u32,
    pub blocks_per_segment: u32,
    /// 19 and later; 32 before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages_per_slru_segment: Option<u32>,
    pub wal_block_size: u32,
    pub bytes_per_wal_segment: u32,
    pub max_identifier_length: u32,
    pub max_index_columns: u32,
    pub max_toast_chunk_size: u32,
    pub large_object_chunk_size: u32,
    /// 12 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub float4_pass_by_value: Option<bool>,
    pub float8_pass_by_value: bool,
    /// As it is now; pg_control_init() of 19 shows what initdb chose instead.
    pub data_page_checksum_version: u32,
    /// What initdb chose (19 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_data_page_checksum_version: Option<u32>,
    /// 18 and later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_char_signedness: Option<bool>,
}

impl Control {
    /// Of a file that was read as `layout` lays it out; times in text are of `zone`.
    pub fn new(
        control: &ControlFile,
        layout: &Layout,
        zone: &TimeZone,
        circumstances: &Circumstances,
    ) -> Self {
        Self {
            explanation: state::explain(control, circumstances),
            contents: Some(Contents::new(control, layout)),
            lines: lines::lines(control, layout, zone),
        }
    }

    /// Of a file that could not be read: why, in a sentence.
    pub const fn unreadable(explanation: String) -> Self {
        Self { explanation, contents: None, lines: Vec::new() }
    }

    /// What pg_controldata prints, without its warnings.
    pub fn controldata(&self) -> impl Iterator<Item = String> {
        self.lines.iter().map(|(label, value)| format!("{label:<38}{value}"))
    }
}

impl Contents {
    fn new(control: &ControlFile, layout: &Layout) -> Self {
        let settings = &control.settings;
        let recovery = &control.recovery;
        Self {
            system: System {
                pg_control_version: control.pg_control_version,
                catalog_version_no: control.catalog_version_no,
                system_identifier: control.system_identifier.to_string(),
                pg_control_last_modified: control.time,
                state: control.state.to_string(),
                mock_authentication_nonce: hex::encode(control.mock_authentication_nonce),
                crc_ok: control.crc_ok(),
                crc: format!("{:08X}", control.crc),
                fork_modes: control.fork_modes,
            },
            checkpoint: Checkpoint::new(control, &control.check_point_copy, layout),
            recovery: Recovery {
                unlogged_lsn: recovery.unlogged_lsn,
                min_recovery_end_lsn: recovery.min_recovery_point,
                min_recovery_end_timeline: recovery.min_recovery_point_tli,
                backup_start_lsn: recovery.backup_start_point,
                backup_end_lsn: recovery.backup_end_point,
                end_of_backup_record_required: recovery.backup_end_required,
            },
            settings: Settings {
                wal_level: lines::wal_level(settings.wal_level, layout).into(),
                wal_log_hints: settings.wal_log_hints,
                max_connections: settings.max_connections,
                max_worker_processes: settings.max_worker_processes,
                max_wal_senders: settings.max_wal_senders,
                max_prepared_transactions: settings.max_prepared_xacts,
                max_locks_per_transaction: settings.max_locks_per_xact,
                track_commit_timestamp: settings.track_commit_timestamp,
            },
            init: Init::new(control),
        }
    }
}

impl Checkpoint {
    fn new(control: &ControlFile, of: &CheckPoint, layout: &Layout) -> Self {
        let segment_size = control.build.xlog_seg_size;
        let level = |level| lines::wal_level(level, layout).to_owned();
        Self {
            checkpoint_lsn: control.check_point,
            redo_lsn: of.redo,
            redo_wal_file: of.redo.wal_file_name(of.this_timeline_id, segment_size),
            timeline_id: of.this_timeline_id,
            prev_timeline_id: of.prev_timeline_id,
            full_page_writes: of.full_page_writes,
            wal_level: of.wal_level.map(level),
            logical_decoding: of.logical_decoding_enabled,
            next_xid: format!("{}:{}", of.next_xid.epoch(), of.next_xid.xid()),
            next_oid: of.next_oid,
            next_multixact_id: of.next_multi,
            next_multi_offset: of.next_multi_offset.to_string(),
            oldest_xid: of.oldest_xid,
            oldest_xid_dbid: of.oldest_xid_db,
            oldest_active_xid: of.oldest_active_xid,
            oldest_multi_xid: of.oldest_multi,
            oldest_multi_dbid: of.oldest_multi_db,
            oldest_commit_ts_xid: of.oldest_commit_ts_xid,
            newest_commit_ts_xid: of.newest_commit_ts_xid,
            checkpoint_time: of.time,
        }
    }
}

impl Init {
    const fn new(control: &ControlFile) -> Self {
        let build = &control.build;
        Self {
            max_data_alignment: build.max_align,
            database_block_size: build.blcksz,
            blocks_per_segment: build.relseg_size,
            pages_per_slru_segment: build.slru_pages_per_segment,
            wal_block_size: build.xlog_blcksz,
            bytes_per_wal_segment: build.xlog_seg_size,
            max_identifier_length: build.name_data_len,
            max_index_columns: build.index_max_keys,
            max_toast_chunk_size: build.toast_max_chunk_size,
            large_object_chunk_size: build.loblksize,
            float4_pass_by_value: build.float4_by_val,
            float8_pass_by_value: build.float8_by_val,
            data_page_checksum_version: build.data_checksum_version,
            initial_data_page_checksum_version: build.data_checksum_version_init,
            default_char_signedness: build.default_char_signedness,
        }
    }
}

impl Present for Control {
    fn present(&self) -> Doc {
        let mut doc = Doc::default();
        if !self.lines.is_empty() {
            doc.push(Block::Verbatim(self.controldata().collect()));
            doc.push(Block::Verbatim(vec![String::new()]));
        }
        doc.push(Block::Text(self.explanation.clone()));
        doc
    }

    fn tables(&self) -> Vec<Table> {
        let columns = ["label", "value"].map(Column::new).to_vec();
        let row = |(label, value): &(&str, String)| {
            vec![Cell::text(label.trim_end_matches(':')), Cell::text(value.as_str())]
        };
        let rows = self.lines.iter().map(row).collect();
        vec![Table { name: "control", title: String::new(), columns, rows }]
    }
}
