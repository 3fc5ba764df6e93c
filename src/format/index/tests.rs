//! Against what pageinspect of every major says of the same pages, and for SP-GiST, of which it
//! says nothing, against the rows (fixtures/index, by fixtures/make/index-pages).
#![expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking, its helpers too")]
use super::{IndexTuple, brin, gin, gist, hash, spgist};
use crate::format::error::parse_at;
use crate::format::fork::fsm::FsmPage;
use crate::format::page::{LpFlags, Page};
use crate::layout::PgVersion;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// The relations of a major: each page with its oracles.
fn oracle(version: PgVersion) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(format!("fixtures/index/others.{version}.json.zst"));
    let bytes = std::fs::read(&path).unwrap();
    serde_json::from_slice(&zstd::decode_all(bytes.as_slice()).unwrap()).unwrap()
}

/// Each page of the relations named, in every major, with what was asked of it; `count` says how
/// many answers to which question there have to be.
fn for_each(relations: &[&str], mut judge: impl FnMut(&[u8], &Value)) {
    for version in PgVersion::ALL {
        let oracle = oracle(version);
        for name in relations {
            let pages = oracle[name].as_array().unwrap();
            assert!(pages.len() > 1, "{name} of {version}");
            for page in pages {
                judge(&hex::decode(page["bytes"].as_str().unwrap()).unwrap(), page);
            }
        }
    }
}

/// A value as text, quoted or not.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Compares fields by name.
fn same(oracle: &Value, ours: &[(&str, String)]) {
    for (field, value) in ours {
        assert_eq!(*value, text(&oracle[field]), "{field} in {oracle}");
    }
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(text).collect()
}

#[test]
fn hash_pages_are_as_pageinspect_says() {
    let (mut metas, mut stats, mut items) = (0, 0, 0);
    for_each(&["hashed", "hashed_few"], |bytes, asked| {
        let page = Page::parse(bytes).unwrap();
        if crate::format::page::is_new(bytes) {
            assert!(asked["hash_page_type"][0]["hash_page_type"] == "unused");
            return;
        }
        let opaque = hash::Opaque::of(&page).unwrap();
        assert_eq!(opaque.hasho_page_id, hash::PAGE_ID);
        let kind = text(&asked["hash_page_type"][0]["hash_page_type"]);
        assert_eq!(opaque.kind().to_string(), kind);
        if let Some(theirs) = asked["hash_metapage_info"].get(0) {
            judge_hash_meta(&hash::Meta::of(&page).unwrap(), theirs);
            metas += 1;
        }
        if let Some(theirs) = asked["hash_page_stats"].get(0) {
            let dead = page.items().filter(|(_, item)| item.lp_flags() == LpFlags::Dead).count();
            same(
                theirs,
                &[
                    ("hasho_prevblkno", opaque.hasho_prevblkno.0.to_string()),
                    ("hasho_nextblkno", opaque.hasho_nextblkno.0.to_string()),
                    ("hasho_bucket", opaque.hasho_bucket.to_string()),
                    ("hasho_flag", opaque.hasho_flag.to_string()),
                    ("hasho_page_id", opaque.hasho_page_id.to_string()),
                    ("dead_items", dead.to_string()),
                    ("live_items", (usize::from(page.item_count()) - dead).to_string()),
                ],
            );
            stats += 1;
        }
        for theirs in asked["hash_page_items"].as_array().into_iter().flatten() {
            let number = theirs["itemoffset"].as_u64().unwrap();
            let number = crate::types::OffsetNumber(number.try_into().unwrap());
            let bytes = page.slice(page.item(number).unwrap().storage()).unwrap();
            let (_, tuple) = IndexTuple::parse(bytes).unwrap();
            let value = parse_at(bytes, 0, "hash", hash::hash_value).unwrap();
            same(theirs, &[("ctid", tuple.t_tid.to_string()), ("data", value.to_string())]);
            items += 1;
        }
    });
    assert!(metas == 16 && stats > 200 && items > 30_000, "{metas} {stats} {items}");
}

fn judge_hash_meta(meta: &hash::Meta, theirs: &Value) {
    same(
        theirs,
        &[
            ("magic", meta.hashm_magic.to_string()),
            ("version", meta.hashm_version.to_string()),
            ("ffactor", meta.hashm_ffactor.to_string()),
            ("bsize", meta.hashm_bsize.to_string()),
            ("bmsize", meta.hashm_bmsize.to_string()),
            ("bmshift", meta.hashm_bmshift.to_string()),
            ("maxbucket", meta.hashm_maxbucket.to_string()),
            ("highmask", meta.hashm_highmask.to_string()),
            ("lowmask", meta.hashm_lowmask.to_string()),
            ("ovflpoint", meta.hashm_ovflpoint.to_string()),
            ("firstfree", meta.hashm_firstfree.to_string()),
            ("nmaps", meta.hashm_nmaps.to_string()),
            ("procid", meta.hashm_procid.to_string()),
        ],
    );
    assert_eq!(theirs["ntuples"].as_f64(), Some(meta.hashm_ntuples));
    let spares: Vec<_> = meta.hashm_spares.iter().map(ToString::to_string).collect();
    assert_eq!(spares, strings(&theirs["spares"]));
    let mapp: Vec<_> = meta.hashm_mapp.iter().map(|block| block.0.to_string()).collect();
    assert_eq!(mapp, strings(&theirs["mapp"]));
}

#[test]
fn brin_pages_are_as_pageinspect_says() {
    let (mut metas, mut entries, mut summaries) = (0, 0, 0);
    for_each(&["ranges"], |bytes, asked| {
        let page = Page::parse(bytes).unwrap();
        let kind = brin::Kind::of(&page).unwrap();
        assert_eq!(kind.to_string(), text(&asked["brin_page_type"][0]["brin_page_type"]));
        assert_eq!(brin::flags(&page), Some(0));
        if let Some(theirs) = asked["brin_metapage_info"].get(0) {
            let meta = brin::Meta::of(&page).unwrap();
            same(
                theirs,
                &[
                    ("magic", format!("0x{:X}", meta.brinMagic)),
                    ("version", meta.brinVersion.to_string()),
                    ("pagesperrange", meta.pagesPerRange.0.to_string()),
                    ("lastrevmappage", meta.lastRevmapPage.0.to_string()),
                ],
            );
            metas += 1;
        }
        if let Some(theirs) = asked["brin_revmap_data"].as_array() {
            let ours: Vec<_> = brin::revmap(&page).map(|tid| tid.to_string()).collect();
            let theirs: Vec<_> = theirs.iter().map(|row| text(&row["pages"])).collect();
            assert_eq!(ours, theirs);
            entries += theirs.iter().filter(|tid| *tid != "(0,0)").count();
        }
        for theirs in asked["brin_page_items"].as_array().into_iter().flatten() {
            if theirs["blknum"].is_null() {
                continue;
            }
            let number = theirs["itemoffset"].as_u64().unwrap();
            let number = crate::types::OffsetNumber(number.try_into().unwrap());
            let bytes = page.slice(page.item(number).unwrap().storage()).unwrap();
            let summary = parse_at(bytes, 0, "BrinTuple", brin::Summary::parse).unwrap();
            let column = theirs["attnum"].as_u64().unwrap() - 1;
            let (all, some) = summary.nulls(column.try_into().unwrap(), 2);
            same(
                theirs,
                &[
                    ("blknum", summary.bt_blkno.0.to_string()),
                    ("placeholder", summary.is_placeholder().to_string()),
                    ("allnulls", all.to_string()),
                    ("hasnulls", some.to_string()),
                ],
            );
            summaries += 1;
        }
    });
    assert!(metas == 8 && entries > 100 && summaries > 200, "{metas} {entries} {summaries}");
}

#[test]
fn gin_pages_are_as_pageinspect_says() {
    let (mut metas, mut pages, mut lists) = (0, 0, 0);
    for_each(&["tags"], |bytes, asked| {
        let page = Page::parse(bytes).unwrap();
        let opaque = gin::Opaque::of(&page).unwrap();
        let theirs = &asked["gin_page_opaque_info"][0];
        let fields =
            [("rightlink", opaque.rightlink.0.to_string()), ("maxoff", opaque.maxoff.to_string())];
        same(theirs, &fields);
        assert_eq!(opaque.flag_names(), strings(&theirs["flags"]));
        pages += 1;
        if let Some(theirs) = asked["gin_metapage_info"].get(0) {
            let meta = gin::Meta::of(&page).unwrap();
            same(
                theirs,
                &[
                    ("pending_head", meta.pending_head.0.to_string()),
                    ("pending_tail", meta.pending_tail.0.to_string()),
                    ("tail_free_size", meta.tail_free_size.to_string()),
                    ("n_pending_pages", meta.n_pending_pages.to_string()),
                    ("n_pending_tuples", meta.n_pending_tuples.to_string()),
                    ("n_total_pages", meta.n_total_pages.to_string()),
                    ("n_entry_pages", meta.n_entry_pages.to_string()),
                    ("n_data_pages", meta.n_data_pages.to_string()),
                    ("n_entries", meta.n_entries.to_string()),
                    ("version", meta.version.to_string()),
                ],
            );
            metas += 1;
        }
        if let Some(theirs) = asked["gin_leafpage_items"].as_array() {
            let ours: Vec<_> = gin::leaf_lists(&page).map(Result::unwrap).collect();
            assert_eq!(ours.len(), theirs.len());
            for (list, theirs) in ours.iter().zip(theirs) {
                same(
                    theirs,
                    &[
                        ("first_tid", list.first.to_string()),
                        ("nbytes", list.bytes.len().to_string()),
                    ],
                );
                let rows: Vec<_> = list.rows().unwrap().iter().map(ToString::to_string).collect();
                assert_eq!(rows, strings(&theirs["tids"]));
                lists += 1;
            }
        }
        if opaque.is_data() && !opaque.is_leaf() {
            assert_eq!(gin::posting_items(&page, &opaque).len(), usize::from(opaque.maxoff));
        }
    });
    assert!(metas == 8 && pages > 150 && lists > 16, "{metas} {pages} {lists}");
}

#[test]
fn gist_pages_are_as_pageinspect_says() {
    let (mut pages, mut items) = (0, 0);
    for_each(&["places"], |bytes, asked| {
        let page = Page::parse(bytes).unwrap();
        let opaque = gist::Opaque::of(&page).unwrap();
        assert_eq!(opaque.gist_page_id, gist::PAGE_ID);
        // pageinspect looks into GiST from 14 on.
        let Some(theirs) = asked["gist_page_opaque_info"].get(0) else { return };
        let nsn: crate::types::Lsn = text(&theirs["nsn"]).parse().unwrap();
        assert_eq!(opaque.nsn, nsn);
        assert_eq!(opaque.rightlink.0.to_string(), text(&theirs["rightlink"]));
        assert_eq!(opaque.flag_names(), strings(&theirs["flags"]));
        pages += 1;
        for theirs in asked["gist_page_items_bytea"].as_array().into_iter().flatten() {
            let number = theirs["itemoffset"].as_u64().unwrap();
            let item = page.item(crate::types::OffsetNumber(number.try_into().unwrap())).unwrap();
            let bytes = page.slice(item.storage()).unwrap();
            let (_, tuple) = IndexTuple::parse(bytes).unwrap();
            same(
                theirs,
                &[
                    ("ctid", tuple.t_tid.to_string()),
                    ("itemlen", tuple.size().to_string()),
                    ("dead", (item.lp_flags() == LpFlags::Dead).to_string()),
                    ("key_data", format!("\\x{}", hex::encode(tuple.bytes()))),
                ],
            );
            items += 1;
        }
    });
    assert!(pages > 100 && items > 20_000, "{pages} {items}");
}

/// Every row is found once, by a chain of the page that a live inner tuple leads to or the root.
#[test]
fn spgist_leaves_are_the_rows() {
    for version in PgVersion::ALL {
        let oracle = oracle(version);
        let rows = oracle["rows"].as_array().unwrap();
        for name in ["quads", "words_tree"] {
            let mut leaves = BTreeMap::new();
            let mut inner_nodes = 0;
            for (block, page) in oracle[name].as_array().unwrap().iter().enumerate() {
                let bytes = hex::decode(page["bytes"].as_str().unwrap()).unwrap();
                if crate::format::page::is_new(&bytes) {
                    continue;
                }
                let page = Page::parse(&bytes).unwrap();
                let opaque = spgist::Opaque::of(&page).unwrap();
                assert_eq!(opaque.spgist_page_id, spgist::PAGE_ID);
                if opaque.is_meta() {
                    assert_eq!((block, spgist::Meta::of(&page).unwrap().magic), (0, spgist::MAGIC));
                    continue;
                }
                inner_nodes += judge_spgist(&page, opaque, &mut leaves);
            }
            let nulls = |row: &&Value| name == "words_tree" && row["null"] == true;
            let expected: BTreeMap<_, _> =
                rows.iter().map(|row| (text(&row["ctid"]), nulls(&row))).collect();
            assert_eq!(leaves, expected, "{name} of {version}");
            assert!(inner_nodes > 50, "{inner_nodes} nodes in {name} of {version}");
        }
    }
}

/// Puts the rows of live leaf tuples into `leaves`, with whether they are in the tree of nulls;
/// gives how many nodes the inner tuples have.
fn judge_spgist(
    page: &Page<'_>,
    opaque: spgist::Opaque,
    leaves: &mut BTreeMap<String, bool>,
) -> usize {
    let (mut nodes, mut redirections, mut placeholders) = (0, 0, 0);
    for (_, item) in page.items() {
        let bytes = page.slice(item.storage()).unwrap();
        let state = parse_at(bytes, 0, "tupstate", spgist::State::of).unwrap();
        match state {
            spgist::State::Redirect => redirections += 1,
            spgist::State::Placeholder => placeholders += 1,
            spgist::State::Dead => {}
            spgist::State::Live if opaque.is_leaf() => {
                let leaf = parse_at(bytes, 0, "leaf", spgist::Leaf::parse).unwrap();
                assert_eq!(leaf.size as usize, bytes.len());
                let twice = leaves.insert(leaf.pointer.to_string(), opaque.stores_nulls());
                assert_eq!(twice, None, "{}", leaf.pointer);
            }
            spgist::State::Live => {
                let inner = parse_at(bytes, 0, "inner", spgist::Inner::parse).unwrap();
                let read = inner.nodes().map(Result::unwrap).count();
                assert_eq!(read, usize::from(inner.nodes));
                nodes += read;
            }
        }
    }
    assert_eq!((redirections, placeholders), (opaque.nRedirection, opaque.nPlaceholder));
    nodes
}

#[test]
fn free_space_maps_are_as_pageinspect_says() {
    let mut compared = 0;
    for_each(&["o"], |bytes, asked| {
        let fsm = FsmPage::of(bytes).unwrap();
        let mut ours = String::new();
        for (at, node) in fsm.fp_nodes.iter().enumerate().filter(|(_, node)| **node != 0) {
            writeln!(ours, "{at}: {node}").unwrap();
        }
        writeln!(ours, "fp_next_slot: {}", fsm.fp_next_slot).unwrap();
        assert_eq!(ours, text(&asked["fsm_page_contents"][0]["fsm_page_contents"]));
        assert_eq!(fsm.contradiction(8192), None);
        compared += 1;
    });
    assert_eq!(compared, 24);
}

/// Any bytes are something or an error, never a panic.
#[test]
fn any_bytes_are_read_without_harm() {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    for _ in 0..3000 {
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed.to_le_bytes()[3]
        })
        .take(256)
        .collect();
        let page = Page::parse(&bytes).unwrap();
        let _ = (hash::Meta::of(&page), brin::Meta::of(&page), gin::Meta::of(&page));
        let _ = (spgist::Meta::of(&page), brin::Kind::of(&page), brin::revmap(&page).count());
        gin::leaf_lists(&page).for_each(|list| drop(list.map(|list| list.rows())));
        if let Ok(opaque) = gin::Opaque::of(&page) {
            let _ = gin::posting_items(&page, &opaque);
        }
        let _ = spgist::Leaf::parse(&bytes);
        if let Ok((_, inner)) = spgist::Inner::parse(&bytes) {
            let _ = inner.nodes().count();
        }
    }
}
