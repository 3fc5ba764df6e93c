pgdissect explain file.unreadable --format json
