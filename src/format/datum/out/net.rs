//! Network addresses (utils/adt/{network,mac,mac8}.c, port/inet_net_ntop.c).
use crate::layout::Layout;
use std::fmt::Write as _;

/// `PGSQL_AF_INET`; the other family is one more.
const AF_INET: u8 = 2;

/// `inet_out`.
pub(super) fn inet(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    network(value, false, out)
}

/// `cidr_out`: always with the number of bits.
pub(super) fn cidr(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    network(value, true, out)
}

/// `macaddr_out`, `macaddr8_out`.
pub(super) fn macaddr(value: &[u8], _: &Layout, out: &mut String) -> Option<()> {
    if !matches!(value.len(), 6 | 8) {
        return None;
    }
    let bytes: Vec<_> = value.iter().map(|byte| hex::encode([*byte])).collect();
    out.push_str(&bytes.join(":"));
    Some(())
}

fn network(value: &[u8], is_cidr: bool, out: &mut String) -> Option<()> {
    let (&[family, bits], address) = value.split_first_chunk()?;
    let whole = match family {
        AF_INET => {
            let [a, b, c, d] = address.try_into().ok()?;
            write!(out, "{a}.{b}.{c}.{d}").ok()?;
            32
        }
        _ if family == AF_INET.saturating_add(1) => {
            ipv6(address.try_into().ok()?, out)?;
            128
        }
        _ => return None,
    };
    match bits {
        _ if bits > whole => None,
        _ if bits == whole && !is_cidr => Some(()),
        _ => write!(out, "/{bits}").ok(),
    }
}

/// `inet_net_ntop_ipv6`: the longest run of zero words is left out, and an IPv4 address inside is
/// written as one.
fn ipv6(address: [u8; 16], out: &mut String) -> Option<()> {
    let mut words = [0_u16; 8];
    for (word, bytes) in words.iter_mut().zip(address.as_chunks().0) {
        *word = u16::from_be_bytes(*bytes);
    }
    let run = longest_run(&words);
    let (start, len) = run.unwrap_or((8, 0));
    let [.., fifth, _, _] = words;
    let has_ipv4 = start == 0 && (len == 6 || (len == 5 && fifth == 0xFFFF));
    for (at, word) in words.into_iter().enumerate() {
        if at >= start && at < start.saturating_add(len) {
            if at == start {
                out.push(':');
            }
            continue;
        }
        if at != 0 {
            out.push(':');
        }
        if at == 6 && has_ipv4 {
            let [.., a, b, c, d] = address;
            return write!(out, "{a}.{b}.{c}.{d}").ok();
        }
        write!(out, "{word:x}").ok()?;
    }
    if run.is_some() && start.saturating_add(len) == 8 {
        out.push(':');
    }
    Some(())
}

/// Start and length of the first longest run of at least two zero words.
fn longest_run(words: &[u16; 8]) -> Option<(usize, usize)> {
    let len = |start| words.iter().skip(start).take_while(|&&word| word == 0).count();
    let runs = (0..8_usize).map(|start| (start, len(start)));
    let longest = runs.rev().max_by_key(|&(_, len)| len)?;
    (longest.1 >= 2).then_some(longest)
}
