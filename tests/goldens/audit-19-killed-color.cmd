pgdissect audit fixtures/pg19/killed.tar.zst --color always --top 3
