//! Against what servers of every major wrote (fixtures/datums.tsv, by fixtures/make/datums).
use super::{array, writer};
use crate::format::datum::Array;
use crate::format::error::parse_at;
use crate::format::heap::{Attr, Datum};
use crate::format::toast::Varlena;
use crate::layout::PgVersion;
use crate::layout::catalog::Align;
use crate::types::Oid;
use std::collections::BTreeSet;

struct Value {
    typ: Oid,
    name: String,
    bytes: Vec<u8>,
    text: String,
    majors: Vec<u16>,
}

fn values() -> Vec<Value> {
    let lines = include_str!("../../../../fixtures/datums.tsv").lines();
    let value = |line: &str| {
        let [typ, name, bytes, text, majors] = *line.split('\t').collect::<Vec<_>>() else {
            panic!("{line}")
        };
        Value {
            typ: Oid(typ.parse().unwrap()),
            name: name.to_owned(),
            bytes: hex::decode(bytes).unwrap(),
            text: String::from_utf8(hex::decode(text).unwrap()).unwrap(),
            majors: majors.split(',').map(|major| major.parse().unwrap()).collect(),
        }
    };
    lines.map(value).collect()
}

/// Stored with a header of its own (`typlen` -1).
fn is_varlena(typ: Oid) -> bool {
    matches!(typ.0, 17 | 22 | 25 | 30 | 650 | 869 | 1042 | 1043 | 1560 | 1562 | 1700)
}

/// The element type of an array type, and how its elements are stored.
fn element(typ: Oid) -> Option<(Oid, Attr)> {
    let attr = |len, align| Attr { len, align, by_val: len > 0 };
    Some(match typ.0 {
        1000 => (Oid(16), attr(1, Align::Char)),
        1007 => (Oid(23), attr(4, Align::Int)),
        1009 => (Oid(25), attr(-1, Align::Int)),
        1231 => (Oid(1700), attr(-1, Align::Int)),
        _ => return None,
    })
}

fn payload(bytes: &[u8]) -> &[u8] {
    match parse_at(bytes, 0, "varlena", Varlena::parse).unwrap() {
        Varlena::Inline(payload) => payload,
        other => panic!("{other:?}"),
    }
}

fn written(value: &Value, version: PgVersion) -> String {
    let mut text = String::new();
    let (layout, bytes) = (version.layout(), value.bytes.as_slice());
    let Some((typ, attr)) = element(value.typ) else {
        let bytes = if is_varlena(value.typ) { payload(bytes) } else { bytes };
        writer(value.typ).unwrap().write(bytes, layout, &mut text).unwrap();
        return text;
    };
    let parsed = parse_at(payload(bytes), 0, "ArrayType", Array::parse).unwrap();
    let one = |datum: Datum<'_>, text: &mut String| {
        let bytes = match datum {
            Datum::Varlena(Varlena::Inline(bytes)) | Datum::Fixed(bytes) => bytes,
            other => panic!("{other:?}"),
        };
        writer(typ).unwrap().write(bytes, layout, text).unwrap();
        Ok(())
    };
    array(&parsed, attr, ',', one, &mut text).unwrap();
    text
}

#[test]
fn values_are_written_as_their_server_writes_them() {
    let (mut compared, mut types) = (0, BTreeSet::new());
    for value in values() {
        for version in PgVersion::ALL {
            if value.majors.contains(&version.major()) {
                let (name, bytes) = (&value.name, hex::encode(&value.bytes));
                assert_eq!(written(&value, version), value.text, "{name} {bytes} in {version}");
                compared += 1;
                types.insert(value.typ);
            }
        }
    }
    assert!(compared > 1500 && types.len() >= 39, "{compared} values of {} types", types.len());
}

/// Every value cut short or with a byte more, for every type: an answer or none, never a panic.
#[test]
fn other_bytes_are_no_value_or_another() {
    let values = values();
    let types: BTreeSet<_> = values.iter().map(|value| value.typ).collect();
    let layout = PgVersion::ALL[0].layout();
    for value in &values {
        for len in 0..=value.bytes.len() {
            for typ in types.iter().filter_map(|&typ| writer(typ)) {
                let mut text = "before".to_owned();
                let cut = value.bytes.get(..len).unwrap();
                if typ.write(cut, layout, &mut text).is_none() {
                    assert_eq!(text, "before");
                }
            }
        }
    }
    assert!(writer(Oid(3802)).is_none(), "jsonb is not written here");
}
