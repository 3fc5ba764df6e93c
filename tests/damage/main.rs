//! Damage: recipes applied to healthy clusters, each with the finding that it must give; and damage
//! at random through every command, which must never crash one, nor make it slow or large.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod anywhere;
mod archives;
#[path = "../common/mod.rs"]
mod common;
mod indexes;
mod messages;
mod process;
#[path = "../common/random.rs"]
mod random;
mod recipe;
mod sandbox;

use process::Ran;
use recipe::Recipe;
use sandbox::Sandbox;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn recipes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/damage");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|end| end == "recipe")).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no recipes");
    paths
}

#[test]
fn each_recipe_gives_its_finding() {
    let failures: Vec<_> = recipes()
        .iter()
        .filter_map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap();
            let wrong = follow(&Recipe::read(path)).err()?;
            Some(format!("{name}: {wrong}"))
        })
        .collect();
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn each_rule_of_the_audit_has_a_recipe() {
    let found: BTreeSet<_> =
        recipes().iter().flat_map(|path| Recipe::read(path).finds).map(|finds| finds.id).collect();
    let rules = pgdissect::finding::rules::all().filter(|rule| rule.id.starts_with("audit."));
    let without: Vec<_> = rules.map(|rule| rule.id).filter(|&id| !found.contains(id)).collect();
    assert!(without.is_empty(), "{without:?}");
}

/// Does what the recipe says; what is not as it says, if anything.
fn follow(recipe: &Recipe) -> Result<(), String> {
    let mut sandbox = Sandbox::new(common::case(&recipe.fixture));
    let command = sandbox.command(&recipe.command, &["--format", "json"]);
    // What is found of the fixture as it is: a slot that lost its WAL, for instance.
    let before = ids(&process::run(&command))?;
    recipe.apply(&mut sandbox);
    let ran = process::run(&command);
    let after = ids(&ran)?;
    if ran.exit != recipe.exit {
        return Err(format!("exit {} instead of {}\n{}", ran.exit, recipe.exit, ran.stderr));
    }
    let groups = ran.findings();
    let found: BTreeSet<_> = after.difference(&before).map(String::as_str).collect();
    for expected in &recipe.finds {
        let group = groups.iter().find(|group| group["id"] == expected.id.as_str());
        let group = group.ok_or_else(|| format!("no {}, but {found:?}", expected.id))?;
        let places = group["first"].as_array().unwrap().iter().map(|first| &first["place"]);
        let file = expected.file.as_ref().map(|file| sandbox.resolve(file));
        let meant = |place: &serde_json::Value| {
            let same_file = file.as_ref().is_none_or(|file| place["file"] == file.as_str());
            same_file && expected.block.is_none_or(|block| place["block"] == block)
        };
        if !places.clone().any(meant) {
            return Err(format!(
                "{} not at {file:?}: {:?}",
                expected.id,
                places.collect::<Vec<_>>()
            ));
        }
    }
    let expected: BTreeSet<_> = recipe.finds.iter().map(|finds| finds.id.as_str()).collect();
    if !recipe.more && found != expected {
        return Err(format!("found {found:?} instead of {expected:?}"));
    }
    Ok(())
}

/// The rules that the answer says are broken.
fn ids(ran: &Ran) -> Result<BTreeSet<String>, String> {
    ran.check()?;
    if ran.json.is_none() {
        return Err(format!("no answer, but: {}", ran.stderr));
    }
    Ok(ran.findings().iter().map(|group| group["id"].as_str().unwrap().to_owned()).collect())
}
