//! The parts of `ControlFileData` that record settings, and what configure and initdb chose.
use crate::format::bytes::{flag, i32, skip, take, u8, u32, u64};
use crate::format::error::Parse;
use crate::layout::shape::ControlShape;

/// From `wal_level` to `track_commit_timestamp`: what a standby must at least have.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "each is the setting of that name")]
pub struct WalSettings {
    /// 0 minimal, 1 replica, 2 logical.
    pub wal_level: i32,
    pub wal_log_hints: bool,
    pub max_connections: i32,
    pub max_worker_processes: i32,
    pub max_wal_senders: i32,
    pub max_prepared_xacts: i32,
    pub max_locks_per_xact: i32,
    pub track_commit_timestamp: bool,
}

/// From `maxAlign` to the nonce, under their C names; sizes in bytes unless said otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildOptions {
    /// Alignment of tuples.
    pub max_align: u32,
    /// 1234567.0 where floating point is IEEE 754.
    pub float_format: f64,
    /// Size of a block.
    pub blcksz: u32,
    /// Blocks in one segment file of a relation.
    pub relseg_size: u32,
    /// Pages in one segment file of an SLRU (19 and later).
    pub slru_pages_per_segment: Option<u32>,
    /// Size of a block of WAL.
    pub xlog_blcksz: u32,
    /// Size of a WAL segment.
    pub xlog_seg_size: u32,
    /// Width of `name`, with its terminating zero.
    pub name_data_len: u32,
    /// Most columns of an index.
    pub index_max_keys: u32,
    /// Size of a TOAST chunk.
    pub toast_max_chunk_size: u32,
    /// Size of a large-object chunk.
    pub loblksize: u32,
    /// Whether float4 is passed by value (12 only).
    pub float4_by_val: Option<bool>,
    /// Whether float8 is passed by value.
    pub float8_by_val: bool,
    /// Version of data checksums that initdb chose (19 and later).
    pub data_checksum_version_init: Option<u32>,
    /// Version of data checksums, 0 for none.
    pub data_checksum_version: u32,
    /// Whether `char` is signed where the cluster was made (18 and later).
    pub default_char_signedness: Option<bool>,
}

/// What IvorySQL keeps behind the nonce, in bytes that PostgreSQL leaves zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ForkModes {
    /// `dbmode`: 0 PostgreSQL, 1 Oracle.
    pub dbmode: u8,
    /// `casemode`: 0 normal, 1 interchange, 2 lowercase.
    pub casemode: u8,
}

/// Options, nonce, and what is left in the padding: all up to the CRC.
pub(super) type Tail = (BuildOptions, [u8; 32], Option<ForkModes>);

impl WalSettings {
    pub(super) fn parse(input: &[u8]) -> Parse<'_, Self> {
        let (rest, wal_level) = i32(input)?;
        let (rest, wal_log_hints) = flag(rest)?;
        let (rest, ()) = skip(3)(rest)?;
        let (rest, max_connections) = i32(rest)?;
        let (rest, max_worker_processes) = i32(rest)?;
        let (rest, max_wal_senders) = i32(rest)?;
        let (rest, max_prepared_xacts) = i32(rest)?;
        let (rest, max_locks_per_xact) = i32(rest)?;
        let (rest, track_commit_timestamp) = flag(rest)?;
        let (rest, ()) = skip(3)(rest)?;
        let settings = Self {
            wal_level,
            wal_log_hints,
            max_connections,
            max_worker_processes,
            max_wal_senders,
            max_prepared_xacts,
            max_locks_per_xact,
            track_commit_timestamp,
        };
        Ok((rest, settings))
    }
}

pub(super) fn tail(input: &[u8], shape: ControlShape) -> Parse<'_, Tail> {
    let (rest, max_align) = u32(input)?;
    let (rest, float_format) = u64(rest)?;
    let (rest, blcksz) = u32(rest)?;
    let (rest, relseg_size) = u32(rest)?;
    let (rest, slru_pages_per_segment) = match shape {
        ControlShape::SlruPages => u32(rest).map(|(rest, pages)| (rest, Some(pages)))?,
        ControlShape::Float4ByVal | ControlShape::Float8ByVal | ControlShape::CharSignedness => {
            (rest, None)
        }
    };
    let (rest, xlog_blcksz) = u32(rest)?;
    let (rest, xlog_seg_size) = u32(rest)?;
    let (rest, name_data_len) = u32(rest)?;
    let (rest, index_max_keys) = u32(rest)?;
    let (rest, toast_max_chunk_size) = u32(rest)?;
    let (rest, loblksize) = u32(rest)?;
    let (rest, end) = End::parse(rest, shape)?;
    let build = BuildOptions {
        max_align,
        float_format: f64::from_bits(float_format),
        blcksz,
        relseg_size,
        slru_pages_per_segment,
        xlog_blcksz,
        xlog_seg_size,
        name_data_len,
        index_max_keys,
        toast_max_chunk_size,
        loblksize,
        float4_by_val: end.float4_by_val,
        float8_by_val: end.float8_by_val,
        data_checksum_version_init: end.data_checksum_version_init,
        data_checksum_version: end.data_checksum_version,
        default_char_signedness: end.default_char_signedness,
    };
    let (rest, (nonce, modes)) = nonce(rest, shape)?;
    Ok((rest, (build, nonce, modes)))
}

/// The flags and checksum versions before the nonce.
struct End {
    float4_by_val: Option<bool>,
    float8_by_val: bool,
    data_checksum_version_init: Option<u32>,
    data_checksum_version: u32,
    default_char_signedness: Option<bool>,
}

impl End {
    fn parse(input: &[u8], shape: ControlShape) -> Parse<'_, Self> {
        let (rest, first) = flag(input)?;
        let (rest, second) = flag(rest)?;
        let (rest, ()) = skip(2)(rest)?;
        let (rest, word) = u32(rest)?;
        let plain = Self {
            float4_by_val: None,
            float8_by_val: first,
            data_checksum_version_init: None,
            data_checksum_version: word,
            default_char_signedness: None,
        };
        match shape {
            ControlShape::Float4ByVal => {
                Ok((rest, Self { float4_by_val: Some(first), float8_by_val: second, ..plain }))
            }
            ControlShape::Float8ByVal => Ok((rest, plain)),
            ControlShape::CharSignedness => {
                let (rest, signed) = flag(rest)?;
                Ok((rest, Self { default_char_signedness: Some(signed), ..plain }))
            }
            ControlShape::SlruPages => {
                let (rest, now) = u32(rest)?;
                let (rest, signed) = flag(rest)?;
                let end = Self {
                    data_checksum_version_init: Some(word),
                    data_checksum_version: now,
                    default_char_signedness: Some(signed),
                    ..plain
                };
                Ok((rest, end))
            }
        }
    }
}

/// The nonce and the padding after it, up to the CRC.
fn nonce(input: &[u8], shape: ControlShape) -> Parse<'_, ([u8; 32], Option<ForkModes>)> {
    let (rest, bytes) = take(32)(input)?;
    let nonce = bytes.first_chunk().copied().unwrap_or_default();
    match shape {
        ControlShape::Float4ByVal | ControlShape::Float8ByVal => Ok((rest, (nonce, None))),
        ControlShape::CharSignedness | ControlShape::SlruPages => {
            let (rest, dbmode) = u8(rest)?;
            let (rest, casemode) = u8(rest)?;
            let (rest, ()) = skip(1)(rest)?;
            let set = dbmode != 0 || casemode != 0;
            Ok((rest, (nonce, set.then_some(ForkModes { dbmode, casemode }))))
        }
    }
}
