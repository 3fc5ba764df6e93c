pgdissect explain file.unreadable --format jsonl
