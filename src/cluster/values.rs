//! Values of any type of a database as their output functions write them: what
//! [`crate::format::datum::out`] can do alone, and what needs catalogs (enums, domains, arrays,
//! names in place of oids).
use super::quote::identifier;
use super::{Cluster, Types};
use crate::format::datum::{Array, out};
use crate::format::heap::Datum;
use crate::format::parse_at;
use crate::report::key::Key;
use crate::types::Oid;
use std::borrow::Cow;
use std::collections::HashMap;

/// `box`: the only built-in type whose array elements are not separated by commas.
const BOX: Oid = Oid(603);
/// `cstring`, which indexes keep of a `name`.
const CSTRING: Oid = Oid(2275);
/// Domains over arrays of domains and so on, most.
const MOST_LAYERS: u8 = 8;

/// What writing the values of one database takes.
#[derive(Debug)]
pub struct Values<'a> {
    cluster: &'a Cluster,
    database: Oid,
    /// Its types.
    pub types: Types,
    labels: HashMap<Oid, String>,
}

/// Why a value is not text.
enum Not {
    /// Its type is not decoded.
    Decoded,
    /// Its bytes are no value of its type.
    Value(String),
}

/// The bytes of a value without a varlena's header; `None` of null.
fn stored<'d>(datum: &Datum<'d>) -> Result<Option<Cow<'d, [u8]>>, String> {
    match datum {
        Datum::Null | Datum::Missing => Ok(None),
        Datum::Fixed(bytes) => Ok(Some(Cow::Borrowed(bytes))),
        Datum::Varlena(varlena) => match varlena.payload() {
            Ok(None) => Err("a pointer into a TOAST table".to_owned()),
            found => found.map_err(|fault| fault.to_string()),
        },
    }
}

impl Cluster {
    /// What writing the values of one database takes. Each call reads pg_type and pg_enum.
    pub fn values(&self, database: Oid) -> Values<'_> {
        let (types, labels) = (self.types(database), self.enum_labels(database));
        Values { cluster: self, database, types, labels }
    }
}

impl Values<'_> {
    /// One value of type `typ`.
    pub fn key(&self, typ: Oid, datum: &Datum<'_>) -> Key {
        let bytes = match stored(datum) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Key::Null,
            Err(why) => return Key::Damaged(why),
        };
        let mut text = String::new();
        match self.write(typ, &bytes, &mut text, 0) {
            Ok(()) => Key::Text(text),
            Err(Not::Decoded) => Key::Hex(hex::encode(bytes)),
            Err(Not::Value(why)) => Key::Damaged(why),
        }
    }

    /// Appends the text of the value of type `typ` that `bytes` are, without a varlena's header.
    fn write(&self, typ: Oid, bytes: &[u8], text: &mut String, layers: u8) -> Result<(), Not> {
        if self.name(typ, bytes, text).is_some() {
            return Ok(());
        }
        let no_value = || {
            let name = self.types.format(typ, -1);
            Not::Value(format!("{} bytes that are no {name}", bytes.len()))
        };
        if let Some(writer) = out::writer(if typ == CSTRING { Oid(25) } else { typ }) {
            return writer.write(bytes, self.cluster.dialect.layout, text).ok_or_else(no_value);
        }
        let found = self.types.get(typ).filter(|_| layers < MOST_LAYERS).ok_or(Not::Decoded)?;
        match found.kind {
            b'd' => self.write(found.base, bytes, text, layers + 1),
            b'e' => {
                let oid = bytes.try_into().map(u32::from_le_bytes).map_err(|_| no_value())?;
                text.push_str(self.labels.get(&Oid(oid)).ok_or(Not::Decoded)?);
                Ok(())
            }
            _ if found.element.is_valid() && found.storage.len == -1 && !found.is_plain => {
                self.array(found.element, bytes, text, layers)
            }
            _ => Err(Not::Decoded),
        }
    }

    fn array(&self, of: Oid, bytes: &[u8], text: &mut String, layers: u8) -> Result<(), Not> {
        let element = self.types.get(of).ok_or(Not::Decoded)?;
        let error = |error: crate::format::ParseError| Not::Value(error.to_string());
        let array = parse_at(bytes, 0, "ArrayType", Array::parse).map_err(error)?;
        let delimiter = if of == BOX { ';' } else { ',' };
        let mut failed = None;
        let write = |datum: Datum<'_>, text: &mut String| {
            let written = match stored(&datum) {
                _ if failed.is_some() => return Ok(()),
                Ok(bytes) => self.write(of, &bytes.unwrap_or_default(), text, layers + 1),
                Err(why) => Err(Not::Value(why)),
            };
            failed = written.err();
            Ok(())
        };
        out::array(&array, element.storage, delimiter, write, text).map_err(error)?;
        failed.map_or(Ok(()), Err)
    }

    /// The name that stands for an oid (`regclassout` and its kin), as under the default
    /// search_path; nothing for what has none. Functions, operators, and what belongs to text
    /// search stay numbers.
    fn name(&self, typ: Oid, bytes: &[u8], text: &mut String) -> Option<()> {
        let oid = || bytes.try_into().ok().map(u32::from_le_bytes).map(Oid);
        let named = match typ.0 {
            2205 | 2206 | 4096 if oid()? == Oid::INVALID => "-".to_owned(),
            2205 => {
                let relation = self.cluster.relation(self.database, oid()?);
                let relation = relation.or_else(|| self.cluster.relation(Oid::INVALID, oid()?))?;
                let visible = matches!(relation.schema.as_str(), "pg_catalog" | "public");
                let schema =
                    if visible { String::new() } else { identifier(&relation.schema) + "." };
                schema + &identifier(&relation.name)
            }
            2206 => {
                let _there = self.types.get(oid()?)?;
                self.types.format(oid()?, -1)
            }
            4096 => identifier(self.cluster.role_name(oid()?)?),
            _ => return None,
        };
        text.push_str(&named);
        Some(())
    }
}
