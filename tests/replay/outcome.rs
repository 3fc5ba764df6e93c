//! Counters, transactions and prepared transactions after recovery.
use crate::laid::recovered;
use crate::verdict::Verdict;
use serde_json::Value;

#[test]
fn counters_are_those_of_pg_control_afterwards() {
    let mut verdict = Verdict::default();
    for case in recovered() {
        let counters = &case.ours["outcome"]["counters"];
        for (ours, theirs, fact) in [
            ("next_oid", "next_oid", "next oid"),
            ("next_multixact_id", "next_multi", "next multixact"),
            ("next_multi_offset", "next_offset", "next multixact offset"),
            ("oldest_xid", "oldest_xid", "oldest xid"),
        ] {
            let theirs = case.server["control_after"][theirs].as_str().unwrap();
            verdict.same(&case.name, fact, &number(&counters[ours]), &theirs.parse().ok());
        }
        let next = case.server["control_after"]["next_xid"].as_str().unwrap();
        let (epoch, xid) = next.split_once(':').unwrap();
        let next = epoch.parse::<u64>().unwrap() << 32 | xid.parse::<u64>().unwrap();
        verdict.same(&case.name, "next xid", &number(&counters["next_xid"]), &Some(next));
    }
    verdict.end(&[("next xid", 40), ("next oid", 40), ("next multixact", 40)]);
}

/// Numbers beyond what JavaScript can hold are strings.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

#[test]
fn prepared_transactions_stay() {
    let mut verdict = Verdict::default();
    let mut seen = 0;
    for case in recovered() {
        let list = |value: &Value, xid: &str| -> Vec<_> {
            let of = |one: &Value| {
                let text = |key: &str| one[key].as_str().unwrap().to_owned();
                (one[xid].as_u64().unwrap(), text("gid"), text("database"))
            };
            let mut list: Vec<_> = value.as_array().unwrap().iter().map(of).collect();
            list.sort();
            list
        };
        let theirs = list(&case.server["prepared"], "xid");
        seen += theirs.len();
        let ours = list(&case.ours["outcome"]["prepared"], "transaction");
        verdict.same(&case.name, "prepared", &ours, &theirs);
    }
    assert!(seen > 50, "{seen} prepared transactions");
    verdict.end(&[("prepared", 40)]);
}
