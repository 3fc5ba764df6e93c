pgdissect explain file.unreadable --color always
