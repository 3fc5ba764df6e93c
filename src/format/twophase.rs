//! pg_twophase/* (access/transam/twophase.c): a transaction that was prepared and is not finished.
//!
//! ```text
//! header | gid | subxids | rels to drop at commit | at abort | statistics likewise
//!        | invalidation messages | records of resource managers | crc       each aligned to 8
//! ```
//! The WAL record of PREPARE TRANSACTION has the same content without the CRC.
use super::bytes::{align, flag, i64, skip, take, u16, u32, u64, until_nul};
use super::error::{Fault, Parse, ParseError, parse_at, stop};
use super::wal::rmgr::inval::{Invalidation, Invalidations};
use super::wal::rmgr::xact::StatsItem;
use crate::layout::Layout;
use crate::layout::shape::TwoPhaseShape;
use crate::types::{FullXid, Lsn, Oid, RelFileLocator, RelFileNumber, TimestampTz, Xid};

/// `TWOPHASE_MAGIC`, of all majors.
const MAGIC: u32 = 0x57F9_4534;

/// A prepared transaction, under the C names.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TwoPhaseState {
    /// Length that the file says it has, CRC included; the record in WAL says the same.
    pub total_len: u32,
    /// The transaction.
    pub xid: Xid,
    /// Its database.
    pub database: Oid,
    /// When it was prepared.
    pub prepared_at: TimestampTz,
    /// The role that prepared it.
    pub owner: Oid,
    /// The name given in PREPARE TRANSACTION, with U+FFFD for what is not UTF-8.
    pub gid: String,
    /// Its committed subtransactions.
    pub subxacts: Vec<Xid>,
    /// Relations whose files go when it commits.
    pub commit_rels: Vec<RelFileLocator>,
    /// Relations whose files go when it is rolled back: those it created.
    pub abort_rels: Vec<RelFileLocator>,
    /// Statistics that go when it commits (15 and later).
    pub commit_stats: Vec<StatsItem>,
    /// Statistics that go when it is rolled back (15 and later).
    pub abort_stats: Vec<StatsItem>,
    /// What others must forget when it commits.
    pub invalidations: Vec<Invalidation>,
    /// Whether the relation cache's init file goes when it commits.
    pub initfileinval: bool,
    /// Position of the transaction at its replication origin, invalid for none.
    pub origin_lsn: Lsn,
    /// Time at that origin.
    pub origin_timestamp: TimestampTz,
}

/// A state file: the transaction and the file's own checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoPhaseFile {
    /// The transaction.
    pub state: TwoPhaseState,
    /// Length the file has.
    pub len: usize,
    /// CRC-32C as stored in its last 4 bytes.
    pub crc: u32,
    /// CRC-32C of the bytes before.
    pub computed_crc: u32,
}

/// The transaction that a file in pg_twophase is named for (`TwoPhaseFilePath`): 8 hexadecimal
/// digits to 16, 16 of them, epoch first, from 17. `None` for any other name.
pub fn xid_of_name(name: &str) -> Option<FullXid> {
    let digits = matches!(name.len(), 8 | 16)
        && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    digits.then(|| u64::from_str_radix(name, 16).ok()).flatten().map(FullXid)
}

impl TwoPhaseFile {
    /// Reads a whole state file.
    ///
    /// # Errors
    /// As [`TwoPhaseState::parse`]. A CRC or a length that does not fit is kept, not refused.
    pub fn parse(bytes: &[u8], layout: &Layout) -> Result<Self, ParseError> {
        parse_at(bytes, 0, "TwoPhaseFileHeader", |input| {
            let (_, state) = TwoPhaseState::parse(input, layout)?;
            let covered = input.len().saturating_sub(size_of::<u32>());
            let (rest, data) = take(covered)(input)?;
            let (rest, crc) = u32(rest)?;
            Ok((rest, Self { state, len: input.len(), crc, computed_crc: crc32c::crc32c(data) }))
        })
    }

    /// Whether `ReadTwoPhaseFile` would accept it: length and CRC fit.
    pub fn is_sound(&self) -> bool {
        self.crc == self.computed_crc && u64::from(self.state.total_len) == self.len as u64
    }
}

/// What the header counts.
struct Header {
    state: TwoPhaseState,
    gidlen: u16,
    nsubxacts: u32,
    ncommitrels: u32,
    nabortrels: u32,
    ncommitstats: u32,
    nabortstats: u32,
    ninvalmsgs: u32,
}

/// The name given in PREPARE TRANSACTION, in whatever encoding it was.
///
/// # Errors
/// As [`TwoPhaseState::parse`].
pub fn gid<'a>(input: &'a [u8], layout: &Layout) -> Parse<'a, &'a [u8]> {
    header_and_gid(input, layout).map(|(rest, (_, gid))| (rest, gid))
}

fn header_and_gid<'a>(input: &'a [u8], layout: &Layout) -> Parse<'a, (Header, &'a [u8])> {
    let (rest, header) = Header::parse(input, layout.twophase)?;
    let (rest, gid) = padded(rest, usize::from(header.gidlen))?;
    Ok((rest, (header, until_nul(gid))))
}

impl TwoPhaseState {
    /// Reads what a state file or a PREPARE record starts with, up to the records of
    /// resource managers, which only a file has.
    ///
    /// # Errors
    /// [`Fault::Unexpected`] for a wrong magic number, [`Fault::Truncated`] where counts are
    /// larger than what follows.
    pub fn parse<'a>(input: &'a [u8], layout: &Layout) -> Parse<'a, Self> {
        let (rest, (header, gid)) = header_and_gid(input, layout)?;
        let (rest, subxacts) =
            array(rest, header.nsubxacts, |&word: &[u8; 4]| Xid(u32::from_le_bytes(word)))?;
        let (rest, commit_rels) = array(rest, header.ncommitrels, locator)?;
        let (rest, abort_rels) = array(rest, header.nabortrels, locator)?;
        let (rest, commit_stats) = stats(rest, header.ncommitstats, layout.twophase)?;
        let (rest, abort_stats) = stats(rest, header.nabortstats, layout.twophase)?;
        let (rest, invalidations) = padded(rest, (header.ninvalmsgs as usize).saturating_mul(16))?;
        let state = Self {
            gid: String::from_utf8_lossy(gid).into_owned(),
            subxacts,
            commit_rels,
            abort_rels,
            commit_stats,
            abort_stats,
            invalidations: Invalidations::new(invalidations).iter().collect(),
            ..header.state
        };
        Ok((rest, state))
    }
}

impl Header {
    fn parse(input: &[u8], shape: TwoPhaseShape) -> Parse<'_, Self> {
        let (rest, magic) = u32(input)?;
        if magic != MAGIC {
            let found = u64::from(magic);
            return stop(
                input,
                Fault::Unexpected { field: "magic", found, expected: "0x57F94534" },
            );
        }
        let (rest, total_len) = u32(rest)?;
        let (rest, xid) = u32(rest)?;
        let (rest, database) = u32(rest)?;
        let (rest, prepared_at) = i64(rest)?;
        let (rest, owner) = u32(rest)?;
        let (rest, nsubxacts) = u32(rest)?;
        let (rest, ncommitrels) = u32(rest)?;
        let (rest, nabortrels) = u32(rest)?;
        let (rest, ncommitstats, nabortstats) = match shape {
            TwoPhaseShape::Plain => (rest, 0, 0),
            TwoPhaseShape::DropsStats | TwoPhaseShape::DropsWideStats => {
                let (rest, ncommitstats) = u32(rest)?;
                let (rest, nabortstats) = u32(rest)?;
                (rest, ncommitstats, nabortstats)
            }
        };
        let (rest, ninvalmsgs) = u32(rest)?;
        let (rest, initfileinval) = flag(rest)?;
        let (rest, ()) = skip(1)(rest)?;
        let (rest, gidlen) = u16(rest)?;
        let (rest, origin_lsn) = u64(rest)?;
        let (rest, origin_timestamp) = i64(rest)?;
        let state = TwoPhaseState {
            total_len,
            xid: Xid(xid),
            database: Oid(database),
            prepared_at: TimestampTz(prepared_at),
            owner: Oid(owner),
            gid: String::new(),
            subxacts: Vec::new(),
            commit_rels: Vec::new(),
            abort_rels: Vec::new(),
            commit_stats: Vec::new(),
            abort_stats: Vec::new(),
            invalidations: Vec::new(),
            initfileinval,
            origin_lsn: Lsn(origin_lsn),
            origin_timestamp: TimestampTz(origin_timestamp),
        };
        let header = Self {
            state,
            gidlen,
            nsubxacts,
            ncommitrels,
            nabortrels,
            ncommitstats,
            nabortstats,
            ninvalmsgs,
        };
        Ok((rest, header))
    }
}

/// The next `len` bytes, and past what aligns them to 8.
fn padded(input: &[u8], len: usize) -> Parse<'_, &[u8]> {
    let (rest, bytes) = take(align(len, 8))(input)?;
    Ok((rest, bytes.get(..len).unwrap_or(bytes)))
}

/// `count` items of `N` bytes each: refused before anything is allocated if they are not there.
fn array<const N: usize, T>(
    input: &[u8],
    count: u32,
    item: impl Fn(&[u8; N]) -> T,
) -> Parse<'_, Vec<T>> {
    let (rest, bytes) = padded(input, (count as usize).saturating_mul(N))?;
    let (items, _) = bytes.as_chunks::<N>();
    Ok((rest, items.iter().map(item).collect()))
}

/// `count` statistics to drop, and past what aligns them to 8.
fn stats(input: &[u8], count: u32, shape: TwoPhaseShape) -> Parse<'_, Vec<StatsItem>> {
    let (rest, items) = StatsItem::parse_array(input, count, shape)?;
    let len = input.len().saturating_sub(rest.len());
    let (rest, ()) = skip(align(len, 8).saturating_sub(len))(rest)?;
    Ok((rest, items))
}

/// `RelFileLocator`: tablespace, database, filenode.
fn locator(bytes: &[u8; 12]) -> RelFileLocator {
    let (words, _) = bytes.as_chunks::<4>();
    let word = |at: usize| words.get(at).copied().map(u32::from_le_bytes).unwrap_or_default();
    RelFileLocator {
        tablespace: Oid(word(0)),
        database: Oid(word(1)),
        number: RelFileNumber(word(2)),
    }
}

#[cfg(test)]
mod tests {
    use super::{TwoPhaseFile, xid_of_name};
    use crate::layout::PgVersion;
    use crate::types::FullXid;

    #[test]
    fn a_file_is_named_for_its_transaction() {
        assert_eq!(xid_of_name("000002E9"), Some(FullXid(745)));
        assert_eq!(xid_of_name("00000001000002E9"), Some(FullXid((1 << 32) + 745)));
        assert_eq!(xid_of_name("2e9"), None);
        assert_eq!(xid_of_name("000002e9"), None);
    }

    #[test]
    fn a_count_larger_than_the_file_allocates_nothing() {
        let mut bytes = 0x57F9_4534_u32.to_le_bytes().to_vec();
        bytes.extend([0xff; 124]);
        for version in PgVersion::ALL {
            let error = TwoPhaseFile::parse(&bytes, version.layout()).unwrap_err();
            assert!(error.to_string().contains("needs 65536 bytes"), "{error}");
        }
    }
}
