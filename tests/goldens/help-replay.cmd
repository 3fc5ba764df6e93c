pgdissect replay --help
