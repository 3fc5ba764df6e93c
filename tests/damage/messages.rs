//! Messages that a server gives of damage, answered out of the damaged directory: the object, what
//! the files show, and the cause that was made.
use crate::common;
use crate::process;
use crate::sandbox::Sandbox;
use serde_json::Value;

/// The answer to `message`, in which `{…}` stands for what it does in recipes.
fn asked(sandbox: &Sandbox, message: &str) -> Value {
    let message = sandbox.resolve(message);
    let more = ["--message", &message, "--format", "json", "--fail-on", "never"];
    let ran = process::run(&sandbox.command("triage PGDATA --quick", &more));
    ran.check().unwrap();
    let json = ran.json.as_ref().unwrap_or_else(|| panic!("{message}: {}", ran.stderr));
    let messages = json["report"]["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1, "{message}");
    messages[0].clone()
}

fn of(fixture: &str) -> Sandbox {
    Sandbox::new(common::case(fixture))
}

/// What must be in the cause; an empty one must not be there.
fn check(answer: &Value, object: &str, state: &str, cause: &str) {
    assert_eq!(answer["state"], state, "{answer:#}");
    let text = |field: &str| answer[field].as_str().unwrap_or_default();
    assert!(text("object").contains(object), "{answer:#}");
    assert!(text("cause").contains(cause), "{answer:#}");
    assert!(!text("advice").is_empty() && !text("found").is_empty(), "{answer:#}");
    assert!(!answer["next"].as_array().unwrap().is_empty(), "{answer:#}");
    let all = answer.to_string().to_lowercase();
    for destructive in ["run pg_resetwal", "set zero_damaged_pages", "delete from", "rm "] {
        assert!(!all.contains(destructive), "{destructive} in {answer:#}");
    }
}

const INVALID: &str = "ERROR:  invalid page in block 1 of relation {lab.public.t_dead40}";
const TABLE: &str = "lab.public.t_dead40";

#[test]
fn a_damaged_page_is_named_with_its_cause() {
    let mut sandbox = of("pg12/killed");
    check(&asked(&sandbox, INVALID), TABLE, "not-seen", "");
    let path = sandbox.resolve("{lab.public.t_dead40}");
    sandbox.change(&path, |bytes| bytes[16300] ^= 4);
    let answer = asked(&sandbox, INVALID);
    check(&answer, TABLE, "confirmed", "single bytes");
    assert_eq!(answer["block"], 1);
    assert!(answer["found"].as_str().unwrap().starts_with("page.checksum"));
    sandbox.restore();
    sandbox.change(&path, |bytes| bytes[8192 + 4096..16384].fill(0));
    check(&asked(&sandbox, INVALID), TABLE, "confirmed", "sectors were lost");
    sandbox.restore();
    sandbox.change(&path, |bytes| bytes.truncate(8192));
    let short =
        "could not read block 1 in file \"{lab.public.t_dead40}\": read only 0 of 8192 bytes";
    check(&asked(&sandbox, short), TABLE, "confirmed", "cut short");
}

#[test]
fn what_is_not_here_is_said_to_be_absent() {
    let sandbox = of("pg18/clean");
    let gone = "invalid page in block 5 of relation base/16384/66427";
    check(&asked(&sandbox, gone), "base/16384/66427", "absent", "");
    let answer = asked(&sandbox, "it does not work");
    assert_eq!(answer["state"], "unknown");
}

#[test]
fn transactions_and_multixacts_that_are_gone() {
    let mut sandbox = of("pg18/clean");
    let status = "ERROR:  could not access status of transaction 800";
    check(&asked(&sandbox, status), "transaction 800", "not-seen", "");
    let future = "could not access status of transaction 99999";
    check(&asked(&sandbox, future), "99999", "confirmed", "header of a row is damaged");
    sandbox.delete("pg_xact/0000");
    check(&asked(&sandbox, status), "transaction 800", "confirmed", "pg_xact was lost");
    let multi = "MultiXactId 99999 has not been created yet -- apparent wraparound";
    check(&asked(&sandbox, multi), "multixact 99999", "confirmed", "header is damaged");
}

#[test]
fn wal_that_is_gone_or_ends() {
    let sandbox = of("pg12/killed");
    let ran = process::run(&sandbox.command("wal check PGDATA", &["--format", "json"]));
    let end = ran.json.unwrap()["report"]["end"]["lsn"].as_str().unwrap().to_owned();
    let message = format!("LOG:  invalid record length at {end}: wanted 24, got 0");
    let answer = asked(&sandbox, &message);
    check(&answer, &end, "confirmed", "");
    assert!(answer["advice"].as_str().unwrap().starts_with("nothing to repair"));
    let missing = "PANIC:  could not locate a valid checkpoint record";
    check(&asked(&sandbox, missing), "checkpoint", "not-seen", "");
    let mut sandbox = of("pg18/clean");
    sandbox.delete("pg_wal/000000010000000000000025");
    check(&asked(&sandbox, missing), "checkpoint", "confirmed", "removed, or left out");
}

#[test]
fn values_and_catalogs() {
    let sandbox = of("pg18/clean");
    let chunk = "missing chunk number 0 for toast value 99999 in pg_toast_2619";
    check(&asked(&sandbox, chunk), "99999 of pg_toast_2619", "confirmed", "");
    let columns = "FATAL:  pg_attribute catalog is missing 3 attribute(s) for relation OID 1259";
    check(&asked(&sandbox, columns), "pg_catalog.pg_class", "not-seen", "");
    let lost = "FATAL:  catalog is missing 3 attribute(s) for relid 99999";
    check(&asked(&sandbox, lost), "99999", "absent", "");
}

/// An index whose pages have a right header, and no checksum.
#[test]
fn pages_of_indexes_are_judged_by_their_own_rules() {
    const INDEX: &str = "lab.public.t_index_btree";
    const LINK: &str = "ERROR:  right sibling's left-link doesn't match: block 2 links to 1 instead of expected 3 in index \"lab.public.t_index_btree\"";
    const CORRUPTED: &str =
        "ERROR:  index \"lab.public.t_index_btree\" contains corrupted page at block 2";
    let mut sandbox = of("pg12/clean");
    check(&asked(&sandbox, CORRUPTED), INDEX, "not-seen", "");
    check(&asked(&sandbox, LINK), INDEX, "not-seen", "");
    let path = sandbox.resolve("{lab.public.t_index_btree}");
    // Page 2's special space are its last 16 bytes: btpo_prev, btpo_next, the level, flags.
    let special = 3 * 8192 - 16;
    sandbox
        .change(&path, |bytes| bytes[special..special + 4].copy_from_slice(&2_u32.to_le_bytes()));
    let answer = asked(&sandbox, LINK);
    check(&answer, INDEX, "confirmed", "");
    assert!(answer["found"].as_str().unwrap().contains("itself"), "{answer:#}");
    sandbox.restore();
    sandbox.change(&path, |bytes| bytes[special..special + 4].fill(0));
    let answer = asked(&sandbox, LINK);
    check(&answer, INDEX, "confirmed", "");
    sandbox.restore();
    // pd_special: 8 bytes are too few (`_bt_checkpage`).
    let pd_special = 2 * 8192 + 16;
    let short = 8184_u16.to_le_bytes();
    sandbox.change(&path, |bytes| bytes[pd_special..pd_special + 2].copy_from_slice(&short));
    check(&asked(&sandbox, CORRUPTED), INDEX, "confirmed", "");
}
