pgdissect page --help
