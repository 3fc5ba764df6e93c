//! What is wrong with values, said in the words of amcheck where it has any.
use super::Shape;
use super::shape::{MOST_RAW, Wrong};
use crate::finding::{Finding, Place, Rule, rules};
use crate::format::heap::HeapTuple;

/// Judges the values of a tuple whose header is sound and that has the table's shape.
pub(super) fn judge(shape: &Shape, tuple: &HeapTuple<'_>, push: &mut dyn FnMut(Finding)) {
    shape.judge(tuple, |number, wrong| {
        let (rule, evidence, says) = words(wrong, tuple);
        let evidence = format!("column {}: {evidence}", number.saturating_add(1));
        let finding = Finding::new(rule, Place::default(), evidence);
        push(says.into_iter().fold(finding, Finding::says));
    });
}

/// The rule that is broken, the evidence, and what amcheck says.
fn words(wrong: Wrong, tuple: &HeapTuple<'_>) -> (&'static Rule, String, Option<String>) {
    let total = tuple.bytes.len();
    // attlen is printed unsigned there: a varlena's is -1.
    let unsigned = |len: i16| i32::from(len).cast_unsigned();
    match wrong {
        Wrong::Starts { len, at } => (
            &rules::VALUE_LENGTH,
            format!("attlen {len}, it begins at byte {at} of {total}"),
            Some(format!(
                "attribute with length {} starts at offset {at} beyond total tuple length {total}",
                unsigned(len)
            )),
        ),
        Wrong::Ends { len, at } => (
            &rules::VALUE_LENGTH,
            format!("attlen {len}, it ends at byte {at} of {total}"),
            Some(format!(
                "attribute with length {} ends at offset {at} beyond total tuple length {total}",
                unsigned(len)
            )),
        ),
        Wrong::Cut(at) => (
            &rules::VALUE_LENGTH,
            format!("it begins at byte {at} of {total}, which leaves no room for its length"),
            None,
        ),
        Wrong::Short(size) => (
            &rules::VALUE_LENGTH,
            format!("it claims {size} bytes, fewer than its own header has"),
            None,
        ),
        Wrong::Tag(tag) => (
            &rules::TOAST_POINTER,
            format!("va_tag {tag}"),
            Some(format!("toasted attribute has unexpected TOAST tag {tag}")),
        ),
        Wrong::Raw(pointer) => {
            let (value, size) = (pointer.va_valueid, pointer.va_rawsize);
            let says = format!("toast value {value} rawsize {size} exceeds limit {MOST_RAW}");
            (&rules::TOAST_POINTER, format!("va_rawsize {size}"), Some(says))
        }
        Wrong::Method(pointer) => {
            let (value, method) = (pointer.va_valueid, pointer.va_extinfo >> 30);
            let says = format!("toast value {value} has invalid compression method id {method}");
            (&rules::TOAST_POINTER, format!("va_extinfo {:#010x}", pointer.va_extinfo), Some(says))
        }
        Wrong::Flag(pointer) => {
            let says = format!(
                "toast value {} is external but tuple header flag HEAP_HASEXTERNAL not set",
                pointer.va_valueid
            );
            let infomask = tuple.header.t_infomask.0;
            (&rules::TOAST_POINTER, format!("t_infomask {infomask:#06x}"), Some(says))
        }
        Wrong::NoToast(pointer) => {
            let says = format!(
                "toast value {} is external but relation has no toast relation",
                pointer.va_valueid
            );
            (&rules::TOAST_POINTER, "reltoastrelid 0".to_owned(), Some(says))
        }
    }
}
