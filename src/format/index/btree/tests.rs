//! Against what pageinspect of every major says of the same pages (fixtures/index, by
//! fixtures/make/index-pages).
use super::{Meta, Opaque, Points};
use crate::format::heap::{Attr, Datum};
use crate::format::index::IndexTuple;
use crate::format::page::{LpFlags, Page};
use crate::layout::catalog::Align;
use crate::layout::{Layout, PgVersion};
use crate::types::Tid;
use serde_json::Value;
use std::path::Path;

/// Majors of which there is a half-dead page.
const HALF_DEAD: [PgVersion; 4] = [PgVersion::V13, PgVersion::V15, PgVersion::V18, PgVersion::V19];

fn oracle(file: &str, version: PgVersion) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(format!("fixtures/index/{file}.{version}.json.zst"));
    let bytes = std::fs::read(&path).unwrap();
    serde_json::from_slice(&zstd::decode_all(bytes.as_slice()).unwrap()).unwrap()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value}"))
}

/// The pages of every index of every major, with their oracle.
fn for_each(mut judge: impl FnMut(&'static Layout, &str, &Value, usize, &[u8])) {
    let all = PgVersion::ALL.into_iter().map(|version| ("btree", version));
    for (file, version) in all.chain(HALF_DEAD.map(|version| ("half-dead", version))) {
        for (name, index) in oracle(file, version).as_object().unwrap() {
            for (block, page) in index["pages"].as_array().unwrap().iter().enumerate() {
                let bytes = hex::decode(page["bytes"].as_str().unwrap()).unwrap();
                judge(version.layout(), name, index, block, &bytes);
            }
        }
    }
}

#[test]
fn metapages_are_as_bt_metap_says() {
    let mut compared = 0;
    for_each(|layout, name, index, block, bytes| {
        if block > 0 {
            return;
        }
        let page = Page::parse(bytes).unwrap();
        assert!(Opaque::of(&page).unwrap().is_meta());
        let (meta, oracle) = (Meta::of(&page, layout).unwrap(), &index["meta"]);
        let is =
            |field: &str, ours: u64| assert_eq!(ours, number(&oracle[field]), "{name} {field}");
        is("magic", meta.btm_magic.into());
        is("version", meta.btm_version.into());
        is("root", meta.btm_root.0.into());
        is("level", meta.btm_level.into());
        is("fastroot", meta.btm_fastroot.0.into());
        is("fastlevel", meta.btm_fastlevel.into());
        let cleanup = meta.cleanup.unwrap();
        if let Some(count) = cleanup.last_cleanup_num_delpages {
            is("last_cleanup_num_delpages", count.into());
        }
        if let Some(xid) = cleanup.oldest_btpo_xact {
            let oldest = &oracle["oldest_xact"];
            assert_eq!(xid.0.to_string(), oldest.to_string().trim_matches('"'), "{name}");
        }
        assert_eq!(cleanup.allequalimage, oracle["allequalimage"].as_bool(), "{name}");
        assert_eq!(
            Some(cleanup.last_cleanup_num_tuples),
            oracle["last_cleanup_num_tuples"].as_f64()
        );
        compared += 1;
    });
    assert_eq!(compared, 8 * 7 + HALF_DEAD.len());
}

#[test]
fn pages_are_as_bt_page_stats_says() {
    let (mut compared, mut kinds) = (0, String::new());
    for_each(|_, name, index, block, bytes| {
        if block == 0 {
            return;
        }
        let page = Page::parse(bytes).unwrap();
        let (opaque, stats) = (Opaque::of(&page).unwrap(), &index["pages"][block]["stats"]);
        assert_eq!(opaque.kind().to_string(), stats["type"].as_str().unwrap(), "{name} {block}");
        let is = |field: &str, ours: u64| {
            assert_eq!(ours, number(&stats[field]), "{name} {block} {field}");
        };
        // Of deleted pages, pageinspect before 14 looks at nothing else.
        if stats["btpo_next"].as_i64() != Some(-1) {
            is("btpo_prev", opaque.btpo_prev.0.into());
            is("btpo_next", opaque.btpo_next.0.into());
            is("btpo_flags", opaque.btpo_flags.into());
        }
        let level = if stats["btpo"].is_null() { "btpo_level" } else { "btpo" };
        is(level, opaque.btpo_level.into());
        if !opaque.is_deleted() {
            let dead = page.items().filter(|(_, item)| item.lp_flags() == LpFlags::Dead).count();
            is("dead_items", dead as u64);
            is("live_items", (usize::from(page.item_count()) - dead) as u64);
        }
        assert_eq!(opaque.delete_xid(&page).is_some(), opaque.is_deleted());
        if !kinds.contains(opaque.kind()) {
            kinds.push(opaque.kind());
        }
        compared += 1;
    });
    assert!(compared > 400, "{compared} pages");
    for kind in ['l', 'r', 'd', 'e'] {
        assert!(kinds.contains(kind), "no page of kind {kind}: {kinds}");
    }
}

#[test]
fn tuples_are_as_bt_page_items_says() {
    let (mut compared, mut postings, mut pivots) = (0, 0, 0);
    for_each(|_, name, index, block, bytes| {
        let Some(items) = index["pages"][block]["items"].as_array() else { return };
        let page = Page::parse(bytes).unwrap();
        assert_eq!(usize::from(page.item_count()), items.len(), "{name} {block}");
        for ((number, item), oracle) in page.items().zip(items) {
            let place = format!("{name} ({block},{number})");
            let tuple = page.slice(item.storage()).unwrap();
            let (_, tuple) = IndexTuple::parse(tuple).unwrap();
            judge_item(&place, &tuple, oracle);
            match Points::of(&tuple).unwrap() {
                Points::Posting(_) => postings += 1,
                Points::Pivot { .. } => pivots += 1,
                Points::One(_) => {}
            }
            compared += 1;
        }
    });
    assert!(compared > 20_000 && postings > 1000 && pivots > 300, "{compared} {postings} {pivots}");
}

fn judge_item(place: &str, tuple: &IndexTuple<'_>, oracle: &Value) {
    let points = Points::of(tuple).unwrap();
    assert_eq!(tuple.t_tid.to_string(), oracle["ctid"].as_str().unwrap(), "{place}");
    assert_eq!(u64::from(tuple.size()), number(&oracle["itemlen"]), "{place}");
    assert_eq!(Some(tuple.has_nulls()), oracle["nulls"].as_bool(), "{place}");
    assert_eq!(Some(tuple.has_varwidths()), oracle["vars"].as_bool(), "{place}");
    // Before 13, pageinspect shows a pivot's heap TID as data too.
    let end = match oracle.get("htid") {
        None => tuple.size().into(),
        Some(htid) => {
            let ours = points.heap_tid().map(|tid: Tid| tid.to_string());
            assert_eq!(ours.as_deref(), htid.as_str(), "{place}");
            let tids = points.posting().map(|tids| tids.map(|tid| tid.to_string()).collect());
            let theirs = oracle["tids"].as_array();
            let theirs = theirs.map(|tids| tids.iter().map(|tid| tid.as_str().unwrap().to_owned()));
            assert_eq!(tids, theirs.map(Iterator::collect::<Vec<_>>), "{place}");
            points.data_end(tuple)
        }
    };
    let data: Vec<_> = tuple.data(end).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(data.join(" "), oracle["data"].as_str().unwrap(), "{place}");
}

/// The keys of the unique index on the integers are what was inserted, in order.
#[test]
fn keys_are_taken_apart_as_their_columns_say() {
    let int4 = Attr { len: 4, align: Align::Int, by_val: true };
    for_each(|_, name, _, block, bytes| {
        let page = Page::parse(bytes).unwrap();
        if name != "unique_int" || block == 0 || Opaque::of(&page).unwrap().kind() != 'l' {
            return;
        }
        let opaque = Opaque::of(&page).unwrap();
        let first = usize::from(!opaque.is_rightmost());
        let key = |item: crate::format::page::ItemId| {
            let (_, tuple) = IndexTuple::parse(page.slice(item.storage()).unwrap()).unwrap();
            let end = Points::of(&tuple).unwrap().data_end(&tuple);
            match tuple.keys([int4], end).next().unwrap().unwrap() {
                Datum::Fixed(bytes) => i32::from_le_bytes(bytes.try_into().unwrap()),
                other => panic!("{other:?}"),
            }
        };
        let keys: Vec<_> = page.items().skip(first).map(|(_, item)| key(item)).collect();
        assert!(keys.is_sorted() && keys.iter().all(|key| (1..=2900).contains(key)), "{keys:?}");
    });
}

#[test]
fn damaged_tuples_are_errors_or_have_no_target() {
    let mut bytes = vec![0_u8; 32];
    for t_info in 0..=u16::MAX {
        bytes[6..8].copy_from_slice(&t_info.to_le_bytes());
        for offset in [0, 0x0FFF, 0x1001, 0x2001, 0x2FFF, 0xFFFF_u16] {
            bytes[4..6].copy_from_slice(&offset.to_le_bytes());
            if let Ok((_, tuple)) = IndexTuple::parse(&bytes) {
                let end = Points::of(&tuple).map_or(usize::MAX, |points| points.data_end(&tuple));
                let text = Attr { len: -1, align: Align::Int, by_val: false };
                assert!(tuple.keys([text; 40], end).count() <= 40);
            }
        }
    }
}
