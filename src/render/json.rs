//! JSON as docs/json-schema.md says: one document, or its long lists as lines.
use crate::report::Envelope;
use serde::Serialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::io::{self, Write};

/// Writes one document, indented.
///
/// # Errors
/// Those of `out`.
pub fn json<T: Serialize>(envelope: &Envelope<T>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, envelope)?;
    out.write_all(b"\n")
}

/// Writes the document as lines: first the document without the report's lists, then one line for
/// each item of each of those lists, in their order.
///
/// # Errors
/// Those of `out`.
pub fn jsonl<T: Serialize>(envelope: &Envelope<T>, out: &mut dyn Write) -> io::Result<()> {
    let report = serde_json::to_string(&envelope.report)?;
    let fields: Fields<'_> = serde_json::from_str(&report)?;
    let is_list = |(_, value): &(_, &RawValue)| value.get().starts_with('[');
    let (lists, rest) = fields.0.into_iter().partition(is_list);
    line(&envelope.with_report(Fields(rest)), out)?;
    let lists: Vec<(_, &RawValue)> = lists;
    for (list, items) in lists {
        let items: Vec<&RawValue> = serde_json::from_str(items.get())?;
        items.iter().try_for_each(|item| line(&Line { list: &list, item }, out))?;
    }
    Ok(())
}

/// Writes one item of a list that is not held in memory, as a line of its own.
///
/// # Errors
/// Those of `out`.
pub fn jsonl_item(list: &str, item: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    line(&Line { list, item }, out)
}

fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// One item of one list.
#[derive(Serialize)]
struct Line<'a, T> {
    list: &'a str,
    item: &'a T,
}

/// An object's fields in their order, their values as they are.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl Serialize for Fields<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de: 'a, 'a> serde::Deserialize<'de> for Fields<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Fields(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::{json, jsonl};
    use crate::report::{Coverage, Envelope, Input};
    use serde_json::json;

    #[test]
    fn lines_hold_what_the_document_holds() {
        #[derive(serde::Serialize)]
        struct Report {
            zeta: u8,
            tables: Vec<&'static str>,
            alpha: Option<u8>,
        }
        let report = Report { zeta: 1, tables: vec!["a\nb", "c"], alpha: None };
        let (input, coverage) = (Input::default(), Coverage::default());
        let findings = crate::finding::Findings::default();
        let envelope = Envelope::new("test/1", input, coverage, &findings, report);
        let (mut whole, mut lines) = (Vec::new(), Vec::new());
        json(&envelope, &mut whole).unwrap();
        jsonl(&envelope, &mut lines).unwrap();

        let lines = String::from_utf8(lines).unwrap();
        assert!(lines.lines().next().unwrap().contains(r#""report":{"zeta":1,"alpha":null}"#));
        let mut lines = lines.lines().map(|l| serde_json::from_str(l).unwrap());
        let mut rebuilt: serde_json::Value = lines.next().unwrap();
        let items: Vec<serde_json::Value> = lines.collect();
        assert_eq!(items[0], json!({"list": "tables", "item": "a\nb"}));
        rebuilt["report"]["tables"] = items.iter().map(|line| line["item"].clone()).collect();
        assert_eq!(rebuilt, serde_json::from_slice::<serde_json::Value>(&whole).unwrap());
    }
}
