//! Damage at random to indexes of every access method: an answer comes in any case.
use crate::random::Random;
use crate::sandbox::Sandbox;
use crate::{common, process};

/// Rounds for each index.
const ROUNDS: u64 = 6;

#[test]
fn no_damage_to_an_index_breaks_its_answer() {
    let mut failures = Vec::new();
    let (mut found, mut on_pages) = (0, 0);
    for name in ["pg12/clean", "pg17/clean"] {
        let case = common::case(name);
        let relations = case.csv("lab/relations.csv");
        let indexes = relations.rows().filter(|row| row.get("relname").starts_with("t_index_"));
        let indexes: Vec<_> = indexes
            .map(|row| (row.get("relname").to_owned(), row.get("filepath").to_owned()))
            .collect();
        assert!(indexes.len() > 12, "{name}: {indexes:?}");
        let mut sandbox = Sandbox::new(case);
        for (at, (index, path)) in indexes.iter().enumerate() {
            for round in 0..ROUNDS {
                let mut random = Random::new(at as u64 * 1000 + round);
                sandbox.change(path, |bytes| damage(bytes, &mut random));
                let line = format!("index PGDATA lab.public.{index} --with-heap --tree");
                let ran = process::run(&sandbox.command(&line, &["--format", "json"]));
                match ran.check() {
                    Ok(()) => found += usize::from(ran.exit == 1),
                    Err(wrong) => failures.push(format!("{name} {index}, round {round}: {wrong}")),
                }
                let line = format!("page PGDATA lab.public.{index} 0-999 --explain");
                let ran = process::run(&sandbox.command(&line, &["--format", "json"]));
                match ran.check() {
                    Ok(()) => on_pages += usize::from(ran.exit == 1),
                    Err(wrong) => failures.push(format!("{name} {index}, page, {round}: {wrong}")),
                }
                sandbox.restore();
            }
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
    assert!(found > 50, "only {found} were found");
    assert!(on_pages > 50, "only {on_pages} were found on pages alone");
}

/// Some words become others, near the ends of pages most of all, where links are.
fn damage(bytes: &mut [u8], random: &mut Random) {
    let len = bytes.len();
    for _ in 0..=random.below(6) {
        let page = random.below(len / 8192) * 8192;
        let at = match random.below(3) {
            0 => 8176 + random.below(4) * 4,
            1 => 24 + random.below(100) * 4,
            _ => random.below(2047) * 4,
        };
        let value = match random.below(3) {
            0 => u32::from_le_bytes(random.next().to_le_bytes()[..4].try_into().unwrap()),
            1 => u32::try_from(random.below(8)).unwrap(),
            _ => u32::MAX,
        };
        let at = page + at;
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    // So that something changes whatever chance wanted.
    bytes[len - 9] ^= 1;
}
