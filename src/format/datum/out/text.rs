//! Text and bytes (utils/adt/{varlena,varchar,name,char,bool}.c).
use super::exactly;
use crate::format::bytes::until_nul;
use crate::layout::Layout;
use std::fmt::Write as _;

pub(super) fn boolean(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    let [byte] = exactly(value)?;
    out.push(if byte == 0 { 'f' } else { 't' });
    Some(())
}

/// `byteaout` with bytea_output = hex.
pub(super) fn bytea(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    out.push_str("\\x");
    out.push_str(&hex::encode(value));
    Some(())
}

/// `charout`: nothing for a zero byte; what is not ASCII in octal from 16 on, and before as it is,
/// which is no text in UTF-8 and so written in octal here too.
pub(super) fn char(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    let [byte] = exactly(value)?;
    match byte {
        0 => Some(()),
        1..=127 => {
            out.push(std::primitive::char::from(byte));
            Some(())
        }
        _ => write!(out, "\\{byte:03o}").ok(),
    }
}

pub(super) fn name(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    out.push_str(&String::from_utf8_lossy(until_nul(value)));
    Some(())
}

/// `textout`, and `bpcharout` with its padding. Bytes that are not UTF-8 are replaced.
pub(super) fn text(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    out.push_str(&String::from_utf8_lossy(value));
    Some(())
}
