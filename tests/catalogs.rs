//! What the catalogs say of types, columns, constraints, defaults, inheritance and extensions,
//! against what the server said of them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]
mod common;
#[path = "common/opened.rs"]
mod opened;

use common::{Case, Csv, cases_with};
use opened::open;
use pgdissect::cluster::Cluster;
use pgdissect::types::Oid;
use std::collections::{BTreeMap, BTreeSet};

const DATABASE: &str = "lab";

/// Every case whose oracle has these answers, opened, with the oid of its database.
fn each(answers: &[&str], judge: impl Fn(&Case, &Cluster, Oid)) {
    let files: Vec<_> = answers.iter().map(|name| format!("{DATABASE}/{name}.csv")).collect();
    for case in cases_with(&files.iter().map(String::as_str).collect::<Vec<_>>()) {
        let cluster = open(&case);
        let databases = cluster.databases();
        let lab = databases.iter().find(|database| database.name == DATABASE).unwrap().oid;
        judge(&case, &cluster, lab);
    }
}

fn csv(case: &Case, name: &str) -> Csv {
    case.csv(&format!("{DATABASE}/{name}.csv"))
}

/// Pairs of numbers by the first: lists of what belongs to it.
fn grouped(csv: &Csv, of: &str, what: &str) -> BTreeMap<u32, BTreeSet<u32>> {
    let mut all = BTreeMap::<_, BTreeSet<_>>::new();
    for row in csv.rows() {
        let of = row.number(of).unwrap();
        all.entry(of).or_default().insert(row.number(what).unwrap());
    }
    all
}

#[test]
fn types_are_the_servers() {
    each(&["types"], |case, cluster, lab| {
        let (types, csv) = (cluster.types(lab), csv(case, "types"));
        assert_eq!(types.iter().count(), csv.rows().len(), "{}", case.name);
        for row in csv.rows() {
            let found = types.get(Oid(row.number("oid").unwrap())).unwrap();
            let own = (found.name.as_str(), found.schema.as_str(), found.storage.len);
            let len = row.number("typlen").unwrap();
            assert_eq!(own, (row.get("typname"), row.get("typnamespace"), len), "{}", case.name);
            let align = row.get("typalign").chars().next();
            let bytes = align.and_then(|c| {
                [('c', 1), ('s', 2), ('i', 4), ('d', 8)].iter().find(|a| a.0 == c).map(|a| a.1)
            });
            assert_eq!(Some(found.storage.align.bytes()), bytes);
            assert_eq!(found.storage.by_val, row.get("typbyval") == "t");
            assert_eq!(char::from(found.kind).to_string(), row.get("typtype"));
            assert_eq!(found.is_plain, row.get("typstorage") == "p");
            let (element, base) = (row.number("typelem"), row.number("typbasetype"));
            assert_eq!((Some(found.element.0), Some(found.base.0)), (element, base));
        }
    });
}

#[test]
fn labels_of_enums_are_the_servers() {
    each(&["enums"], |case, cluster, lab| {
        let csv = csv(case, "enums");
        let expected =
            csv.rows().map(|row| (row.number("oid").unwrap(), row.get("enumlabel").to_owned()));
        let found = cluster.enum_labels(lab).into_iter().map(|(oid, label)| (oid.0, label));
        let (found, expected): (BTreeMap<u32, _>, BTreeMap<_, _>) =
            (found.collect(), expected.collect());
        assert!(!expected.is_empty());
        assert_eq!(found, expected, "{}", case.name);
    });
}

#[test]
fn constraints_and_defaults_are_the_servers() {
    each(&["constraints", "attrdefs"], |case, cluster, lab| {
        let (constraints, defaults) = (csv(case, "constraints"), csv(case, "attrdefs"));
        let mut expected = BTreeMap::<u32, BTreeSet<_>>::new();
        for row in constraints.rows() {
            let constraint = (row.get("conname").to_owned(), row.get("contype").to_owned());
            expected.entry(row.number("conrelid").unwrap()).or_default().insert(constraint);
        }
        let defaults = grouped(&defaults, "adrelid", "adnum");
        let (mut seen, mut with_default) = (0, 0);
        for relation in cluster.relations(lab).iter().filter(|relation| relation.oid.0 >= 16384) {
            let found = cluster.constraints(relation).into_iter();
            let found = found.map(|of| (of.name, char::from(of.kind).to_string()));
            let expected = expected.remove(&relation.oid.0).unwrap_or_default();
            seen += expected.len();
            assert_eq!(found.collect::<BTreeSet<_>>(), expected, "{} {}", case.name, relation.name);
            let expected = defaults.get(&relation.oid.0).cloned().unwrap_or_default();
            let found = cluster.defaults(relation).into_iter().map(|n| u32::try_from(n).unwrap());
            with_default += expected.len();
            assert_eq!(found.collect::<BTreeSet<_>>(), expected, "{} {}", case.name, relation.name);
        }
        assert!(seen > 5 && with_default > 3, "{}: {seen} {with_default}", case.name);
    });
}

#[test]
fn parents_and_children_are_the_servers() {
    each(&["inherits"], |case, cluster, lab| {
        let csv = csv(case, "inherits");
        let parents = grouped(&csv, "inhrelid", "inhparent");
        let children = grouped(&csv, "inhparent", "inhrelid");
        assert!(!parents.is_empty());
        for relation in cluster.relations(lab).iter().filter(|relation| relation.oid.0 >= 16384) {
            let found = cluster.inheritance(relation);
            let set = |oids: &[Oid]| oids.iter().map(|oid| oid.0).collect::<BTreeSet<_>>();
            let expected = |of: &BTreeMap<_, BTreeSet<_>>| {
                of.get(&relation.oid.0).cloned().unwrap_or_default()
            };
            assert_eq!(set(&found.parents), expected(&parents), "{} {}", case.name, relation.name);
            assert_eq!(
                set(&found.children),
                expected(&children),
                "{} {}",
                case.name,
                relation.name
            );
        }
    });
}

#[test]
fn extensions_are_the_servers() {
    each(&["extensions"], |case, cluster, lab| {
        let found = cluster.extensions(lab).into_iter();
        let found: BTreeMap<_, _> = found.map(|of| (of.name, of.version)).collect();
        let csv = csv(case, "extensions");
        let expected =
            csv.rows().map(|row| (row.get("extname").into(), row.get("extversion").into()));
        assert_eq!(found, expected.collect(), "{}", case.name);
    });
}

/// Columns with their types, flags and modifiers. Their names by format_type() are recorded for
/// clusters of the differential tests.
#[test]
fn columns_have_the_servers_types() {
    each(&["attributes"], |case, cluster, lab| {
        let (types, csv) = (cluster.types(lab), csv(case, "attributes"));
        let mut expected = BTreeMap::<u32, BTreeMap<i16, _>>::new();
        for row in csv.rows().filter(|row| row.number::<i16>("attnum").unwrap() > 0) {
            let byte = |name| row.get(name).bytes().next().unwrap_or(0);
            let flags = (row.get("attnotnull") == "t", byte("attidentity"), byte("attgenerated"));
            let named = csv.has("format_type").then(|| row.get("format_type").to_owned());
            let column = (row.number::<i32>("atttypmod").unwrap(), flags, named);
            let of = expected.entry(row.number("attrelid").unwrap()).or_default();
            of.insert(row.number("attnum").unwrap(), column);
        }
        let (mut with_modifier, mut named) = (0, 0);
        for relation in cluster.relations(lab).iter().filter(|relation| relation.schema == "public")
        {
            let expected = expected.remove(&relation.oid.0).unwrap_or_default();
            let columns = cluster.columns(relation);
            assert_eq!(columns.len(), expected.len());
            for column in columns {
                let (modifier, flags, name) = &expected[&column.number];
                let found = (column.not_null, column.identity, column.generated);
                assert_eq!(
                    (column.modifier, found),
                    (*modifier, *flags),
                    "{} {}",
                    case.name,
                    relation.name
                );
                with_modifier += u32::from(*modifier >= 0);
                if let Some(name) = name.as_ref().filter(|_| !column.is_dropped) {
                    assert_eq!(
                        types.format(column.type_oid, column.modifier),
                        *name,
                        "{}",
                        case.name
                    );
                    named += 1;
                }
            }
        }
        assert!(with_modifier >= 3, "{}: {with_modifier}", case.name);
        println!("{}: {named} names of types", case.name);
    });
}
