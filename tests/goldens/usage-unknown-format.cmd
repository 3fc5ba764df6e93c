pgdissect explain --format xml
