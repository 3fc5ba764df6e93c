pgdissect explain --format csv --table nothing
