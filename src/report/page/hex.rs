//! The bytes of a page beside what they are: sixteen to a line, runs of zeros in one.
use super::Region;

/// Bytes on one line.
const WIDTH: usize = 16;

/// Lines for all regions, the structures that they are part of over them.
pub(super) fn lines(regions: &[Region]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut part = "";
    for one in regions {
        if one.part != part {
            part = &one.part;
            lines.push(format!("{part}:"));
        }
        lines.extend(region(one));
    }
    lines
}

fn region(region: &Region) -> Vec<String> {
    let digits = region.bytes.as_bytes();
    let zeros = digits.iter().all(|&digit| digit == b'0');
    let mut field = format!("{} {}", region.field, region.value);
    if zeros && digits.len() > 4 * WIDTH {
        let summary = format!("{} bytes of zeros", digits.len() / 2);
        return vec![line(region.at, &summary, &field)];
    }
    let mut lines = Vec::new();
    for (number, digits) in (0..).zip(digits.chunks(2 * WIDTH)) {
        lines.push(line(region.at + number * 16, &spaced(digits), &field));
        field.clear();
    }
    lines
}

fn line(at: u32, bytes: &str, field: &str) -> String {
    format!("{at:5}  {bytes:<39}  {field}").trim_end().to_owned()
}

/// Digits in groups of two bytes.
fn spaced(digits: &[u8]) -> String {
    let groups: Vec<_> = digits.chunks(4).map(String::from_utf8_lossy).collect();
    groups.join(" ")
}
