pgdissect index --help
