pgdissect control --help
