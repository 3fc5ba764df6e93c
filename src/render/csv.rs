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
        Some(table) => csv_rows(table, true, out),
        None => Ok(()),
    }
}

/// Writes the rows of a table, below the `header` if this is the first part of it.
///
/// # Errors
/// Those of `out`.
pub fn csv_rows(table: &Table, header: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    if header {
        writer.write_record(table.columns.iter().map(|column| column.name))?;
    }
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| field(&cell.value)))?;
    }
    writer.flush()
}

fn field(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Count(number) | Value::Number(number) => number.to_string(),
        Value::Bytes(bytes) => bytes.to_string(),
        Value::Percent(percent) if percent.is_finite() => format!("{percent:.2}"),
        Value::None | Value::Percent(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::csv;
    use crate::report::Present;
    use crate::report::doc::{Block, Cell, Column, Doc, Table};

    struct Report;

    impl Present for Report {
        fn present(&self) -> Doc {
            let columns = ["name", "n", "size", "percent", "none"].map(Column::new).to_vec();
            let first = vec![
                Cell::text("a \"b\", c"),
                Cell::count(1_234_567),
                Cell::bytes(8192),
                Cell::percent(12.345),
                Cell::none(),
            ];
            let mut second = vec![Cell::percent(f64::NAN); 5];
            second[0] = Cell::text("two\nlines");
            let rows = vec![first, second];
            let first = Table { name: "first", title: String::new(), columns, rows };
            let other = Table { name: "other", columns: vec![Column::new("x")], ..first.clone() };
            let blocks = vec![Block::Table(first), Block::Table(Table { rows: vec![], ..other })];
            Doc { blocks, ..Doc::default() }
        }
    }

    #[test]
    fn fields_are_bare_and_quoted_as_rfc_4180_says() {
        let written = |name| {
            let mut out = Vec::new();
            csv(&Report, name, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let first = "name,n,size,percent,none\r\n\
            \"a \"\"b\"\", c\",1234567,8192,12.35,\r\n\
            \"two\nlines\",,,,\r\n";
        assert_eq!(written(None), first.replace("12.35", &format!("{:.2}", 12.345)));
        assert_eq!(written(Some("other")), "x\r\n");
    }
}
