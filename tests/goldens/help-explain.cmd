pgdissect explain --help
