pgdissect page fixtures/index/half-dead.18 2 --pg-version 18 --diagram
