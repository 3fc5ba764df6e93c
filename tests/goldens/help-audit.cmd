pgdissect audit --help
