//! README.md shows real output: every block that starts with ```` ```console ```` holds commands
//! (`$ …`) and what they print. `PGDISSECT_BLESS=1 cargo test --test readme` rewrites what they print.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]
mod common;

use std::fmt::Write as _;

#[test]
fn the_readme_shows_real_output() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let held = std::fs::read_to_string(path).unwrap();
    let mut fresh = String::new();
    let mut shown = 0;
    // What is copied as it is: all but the output of our own commands.
    let (mut inside, mut copied) = (false, true);
    for line in held.lines() {
        let command = line.strip_prefix("$ ").filter(|_| inside);
        match (line, command.and_then(printed)) {
            ("```console", _) => inside = true,
            ("```", _) => (inside, copied) = (false, true),
            (_, Some(printed)) => {
                let _ = write!(fresh, "{line}\n{printed}");
                (copied, shown) = (false, shown + 1);
                continue;
            }
            (_, None) => copied |= command.is_some(),
        }
        if copied {
            let _ = writeln!(fresh, "{line}");
        }
    }
    assert!(shown > 0, "README.md shows no command");
    common::bless("README.md", &fresh);
}

/// What a command prints; nothing is known of what other programs print.
fn printed(command: &str) -> Option<String> {
    let command = command.replace("cargo run --release --", "pgdissect");
    let ran = command.starts_with("pgdissect").then(|| common::run(&command))?;
    Some(ran.stdout + &ran.stderr)
}
