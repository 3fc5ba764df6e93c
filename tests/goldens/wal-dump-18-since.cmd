pgdissect wal dump fixtures/pg18/clean.tar.zst -r Transaction --since '2026-11-20 23:54:47.1236' --until '2026-11-20 23:54:47.1243'
