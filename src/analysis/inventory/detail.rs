//! One relation as other catalogs describe it: columns, constraints, inheritance.
use crate::cluster::{Attribute, Cluster, Constraint, Database, Relation, Types};
use crate::report::ls::{ColumnRow, ConstraintRow, Detail, ExtensionRow};
use crate::types::Oid;

/// What the catalogs say of `relation`.
pub(super) fn of(cluster: &Cluster, relation: &Relation) -> Detail {
    let (types, columns) = (cluster.types(relation.database), cluster.columns(relation));
    let defaults = cluster.defaults(relation);
    let constraints = cluster.constraints(relation);
    let inheritance = cluster.inheritance(relation);
    let name = |oid: &Oid| name(cluster, relation, *oid);
    Detail {
        constraints: constraints
            .into_iter()
            .map(|of| constraint(of, &columns, &|oid| name(&oid)))
            .collect(),
        columns: columns.into_iter().map(|of| column(of, &types, &defaults)).collect(),
        parents: inheritance.parents.iter().map(name).collect(),
        children: inheritance.children.iter().map(name).collect(),
    }
}

/// The name of another relation of the same database.
fn name(cluster: &Cluster, relation: &Relation, oid: Oid) -> String {
    let found = cluster.relation(relation.database, oid);
    found.map_or_else(|| format!("oid:{oid}"), |found| cluster.name_of(found))
}

fn column(column: Attribute, types: &Types, defaults: &[i16]) -> ColumnRow {
    let filled_by = match (column.identity, column.generated) {
        (b'a' | b'd', _) => Some("identity"),
        (_, b's') => Some("generated"),
        (_, b'v') => Some("generated when read"),
        _ => defaults.contains(&column.number).then_some("default"),
    };
    ColumnRow {
        attnum: column.number,
        type_name: types.format(column.type_oid, column.modifier),
        attname: column.name,
        atttypid: column.type_oid,
        attnotnull: column.not_null,
        attisdropped: column.is_dropped,
        filled_by: filled_by.map(str::to_owned),
    }
}

fn constraint(
    constraint: Constraint,
    columns: &[Attribute],
    name: &dyn Fn(Oid) -> String,
) -> ConstraintRow {
    let kind = match constraint.kind {
        b'c' => "check".to_owned(),
        b'f' => "foreign key".to_owned(),
        b'n' => "not null".to_owned(),
        b'p' => "primary key".to_owned(),
        b't' => "constraint trigger".to_owned(),
        b'u' => "unique".to_owned(),
        b'x' => "exclude".to_owned(),
        other => format!("contype {:?}", char::from(other)),
    };
    let column = |number: &i16| {
        let found = columns.iter().find(|column| column.number == *number);
        // 0 stands for an expression.
        found.map_or_else(|| format!("column {number}"), |column| column.name.clone())
    };
    ConstraintRow {
        conname: constraint.name,
        kind,
        columns: constraint.columns.iter().map(column).collect(),
        references: constraint.references.is_valid().then(|| name(constraint.references)),
    }
}

/// The extensions of a database.
pub(super) fn extensions(
    cluster: &Cluster,
    database: &Database,
) -> impl Iterator<Item = ExtensionRow> {
    let datname = database.name.clone();
    cluster.extensions(database.oid).into_iter().map(move |of| ExtensionRow {
        database: datname.clone(),
        extname: of.name,
        extversion: of.version,
        schema: of.schema,
    })
}
