//! Page checksums (`pg_checksum_page`, storage/checksum_impl.h): 32 FNV-1a sums side by side, each
//! over every 32nd word of the page, folded into 16 bits together with the block number.
use crate::types::BlockNumber;

/// `N_SUMS`: sums that run side by side.
const LANES: usize = 32;
/// Bytes that the sums take in one step.
const ROW: usize = 128;
/// `FNV_PRIME`.
const PRIME: u32 = 16_777_619;

/// What each sum starts from (`checksumBaseOffsets`).
const BASE: [u32; LANES] = [
    0x5B1F_36E9,
    0xB852_5960,
    0x02AB_50AA,
    0x1DE6_6D2A,
    0x79FF_467A,
    0x9BB9_F8A3,
    0x217E_7CD2,
    0x83E1_3D2C,
    0xF8D4_474F,
    0xE39E_B970,
    0x42C6_AE16,
    0x9932_16FA,
    0x7B09_3B5D,
    0x98DA_FF3C,
    0xF718_902A,
    0x0B1C_9CDB,
    0xE58F_764B,
    0x1876_36BC,
    0x5D7B_3BB1,
    0xE73D_E7DE,
    0x92BE_C979,
    0xCCA6_C0B2,
    0x304A_0979,
    0x85AA_43D4,
    0x7831_25BB,
    0x6CA8_EAA2,
    0xE407_EAC6,
    0x4B5C_FC3E,
    0x9FBF_8C76,
    0x15CA_20BE,
    0xF2CA_9FD3,
    0x959B_D756,
];

/// The checksum that `page` should carry as block `block` of its fork; its own pd_checksum is
/// taken as zero. Never 0. A new page ([`super::is_new`]) carries none, whatever this gives.
///
/// Pages are a multiple of 128 bytes; a rest is left out, as is all of a shorter page.
pub fn checksum(page: &[u8], block: BlockNumber) -> u16 {
    let folded = sum(page) ^ block.0;
    // The remainder is below 65535, so one more fits.
    u16::try_from(folded % 65_535).unwrap_or(0).wrapping_add(1)
}

/// All sums over the page, folded (`pg_checksum_block`).
fn sum(page: &[u8]) -> u32 {
    let (rows, _) = page.as_chunks::<ROW>();
    let mut sums = BASE;
    if let Some((first, rest)) = rows.split_first() {
        // pd_checksum is the low half of word 2.
        let mut words = words(first);
        if let Some(word) = words.get_mut(2) {
            *word &= 0xffff_0000;
        }
        add(&mut sums, &words);
        for row in rest {
            add(&mut sums, &self::words(row));
        }
    }
    sums.into_iter().fold(0, |folded, sum| folded ^ mix(mix(sum, 0), 0))
}

/// Adds one row to the sums: the loop that the compiler turns into vectors.
#[inline]
fn add(sums: &mut [u32; LANES], words: &[u32; LANES]) {
    for (sum, &word) in sums.iter_mut().zip(words) {
        *sum = mix(*sum, word);
    }
}

/// The words of one row.
#[inline]
fn words(row: &[u8; ROW]) -> [u32; LANES] {
    let (chunks, _) = row.as_chunks::<4>();
    let mut words = [0; LANES];
    for (word, chunk) in words.iter_mut().zip(chunks) {
        *word = u32::from_le_bytes(*chunk);
    }
    words
}

/// One round of one sum (`CHECKSUM_COMP`).
#[inline]
const fn mix(sum: u32, word: u32) -> u32 {
    let mixed = sum ^ word;
    mixed.wrapping_mul(PRIME) ^ (mixed >> 17)
}
