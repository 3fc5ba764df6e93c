pgdissect explain file.unreadable --format csv
