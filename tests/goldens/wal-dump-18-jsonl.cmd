pgdissect wal dump fixtures/pg18/clean.tar.zst -r heap/hot_update -n 1 --format jsonl
