pgdissect control no/such/directory
