pgdissect explain --table findings
