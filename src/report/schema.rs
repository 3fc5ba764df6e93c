//! docs/schema: JSON schemas of the answers, derived from the types that are serialised, so that they
//! cannot differ. `PGDISSECT_BLESS=1 cargo test schema` rewrites them.
use super::replay::Replay;
use super::triage::Triage;
use super::wal::blocks::Blocks;
use super::wal::check::WalCheck;
use super::wal::dump::Dump;
use super::wal::images::{ImagePages, Images};
use super::wal::stats::Stats;
use super::wal::xacts::Xacts;
use super::{
    Envelope, audit::Audit, control::Control, explain::Explain, index::Index, ls::Ls, page::Pages,
};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::json;
use std::path::Path;

/// Every answer there is.
#[test]
fn the_schemas_are_current() {
    current::<Audit>("audit/1");
    current::<Control>("control/1");
    current::<Explain>("explain/1");
    current::<Index>("index/1");
    current::<Ls>("ls/1");
    current::<Pages>("page/1");
    current::<Replay>("replay/1");
    current::<Triage>("triage/1");
    current::<WalCheck>("wal-check/1");
    current::<Stats>("wal-stats/1");
    current::<Blocks>("wal-blocks/1");
    current::<Dump<'_>>("wal-dump/1");
    current::<ImagePages>("wal-image/1");
    current::<Images>("wal-images/1");
    current::<Xacts>("wal-xacts/1");
}

/// Compares one answer's schema, in its envelope, with the file that holds it.
fn current<T: JsonSchema>(name: &str) {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Envelope<T>>();
    schema.insert("title".into(), name.into());
    schema.remove("description");
    let tag = json!({ "const": name, "description": "Name and version of this schema." });
    schema.pointer_mut("/properties/schema").unwrap().clone_from(&tag);
    let mut text = serde_json::to_string_pretty(&schema).unwrap();
    text.push('\n');

    let file = format!("docs/schema/{}.json", name.replace('/', "-"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
    if std::env::var_os("PGDISSECT_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let held = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert!(held == text, "{file} is not current; see the head of src/report/schema.rs");
}
