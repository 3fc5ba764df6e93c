//! CSV (RFC 4180): one table with a header row, numbers bare, nothing grouped or rounded for people.
use crate::report::Present;
use crate::report::doc::{Table, Value};
use std::io::{self, Write};

/// Writes the table called `name`, or the first. A report without tables gives no output.
///
/// # Errors
/// Those of `out`.
pub fn csv(report: &impl Present, name: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    let tables = report.tables();
    match tables.iter().find(|table| name.is_none_or(|name| name == table.name)) {
        Some(table) => write_table(table, out),
        None => Ok(()),
    }
}

fn write_table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    writer.write_record(table.columns.iter().map(|column| column.name))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| field(&cell.value)))?;
    }
    writer.flush()
}

fn field(value: &Value) -> String {
    match value {
        Value::None => String::new(),
        Value::Text(text) => text.clone(),
        Value::Count(number) | Value::Number(number) => number.to_string(),
        Value::Bytes(bytes) => bytes.to_string(),
        Value::Percent(percent) if percent.is_finite() => format!("{percent:.2}"),
        Value::Percent(_) => String::new(),
    }
}
