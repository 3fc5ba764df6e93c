//! Geometric types of fixed size (utils/adt/geo_ops.c).
use super::number::float8;
use crate::layout::Layout;

pub(super) fn point(value: &[u8], layout: &Layout, out: &mut String) -> Option<()> {
    let (x, y) = value.split_at_checked(8)?;
    out.push('(');
    float8(x, layout, out)?;
    out.push(',');
    float8(y, layout, out)?;
    out.push(')');
    Some(())
}

/// The upper right corner, then the lower left one.
pub(super) fn r#box(value: &[u8], layout: &Layout, out: &mut String) -> Option<()> {
    let (high, low) = value.split_at_checked(16)?;
    point(high, layout, out)?;
    out.push(',');
    point(low, layout, out)
}

pub(super) fn circle(value: &[u8], layout: &Layout, out: &mut String) -> Option<()> {
    let (centre, radius) = value.split_at_checked(16)?;
    out.push('<');
    point(centre, layout, out)?;
    out.push(',');
    float8(radius, layout, out)?;
    out.push('>');
    Some(())
}
