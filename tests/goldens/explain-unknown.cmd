pgdissect explain heap.no-such-thing
