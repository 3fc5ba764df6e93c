pgdissect --help
