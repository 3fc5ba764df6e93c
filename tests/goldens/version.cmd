pgdissect --version
