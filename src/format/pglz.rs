//! PostgreSQL's own compression (`pglz_decompress`, common/pg_lzcompress.c): a byte of control bits,
//! then eight items, each one literal byte or a match of 3 to 273 bytes up to 4095 bytes back.

/// Decompresses to exactly `size` bytes; `None` if the bytes are no such stream, end early, or
/// have some left over. `size` must have been found possible: it is allocated.
pub(crate) fn decompress(data: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(size);
    let mut rest = data;
    while out.len() < size {
        let (&control, items) = rest.split_first()?;
        rest = items;
        for bit in 0..8_u32 {
            if rest.is_empty() || out.len() == size {
                break;
            }
            rest = if control.unbounded_shr(bit) & 1 == 0 {
                let (&literal, rest) = rest.split_first()?;
                out.push(literal);
                rest
            } else {
                copy_match(rest, &mut out, size)?
            };
        }
    }
    rest.is_empty().then_some(out)
}

/// Carries out one match tag and gives what follows it.
fn copy_match<'a>(input: &'a [u8], out: &mut Vec<u8>, size: usize) -> Option<&'a [u8]> {
    let (&[high, low], mut rest) = input.split_first_chunk()?;
    let mut len = usize::from(high & 0x0f).saturating_add(3);
    if len == 18 {
        let (&more, after) = rest.split_first()?;
        len = len.saturating_add(usize::from(more));
        rest = after;
    }
    let back = usize::from(high & 0xf0) << 4 | usize::from(low);
    let start = out.len().checked_sub(back).filter(|_| back > 0)?;
    let room = size.saturating_sub(out.len());
    // A match may reach into what it is itself about to write, so bytes go one at a time.
    for at in (start..).take(len.min(room)) {
        out.push(*out.get(at)?);
    }
    Some(rest)
}
