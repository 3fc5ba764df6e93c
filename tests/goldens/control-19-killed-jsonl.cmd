pgdissect control fixtures/pg19/killed.tar.zst --format jsonl
