pgdissect explain file.unreadable
