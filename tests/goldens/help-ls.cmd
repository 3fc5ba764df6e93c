pgdissect ls --help
