pgdissect explain --output target/no/such/dir/file
