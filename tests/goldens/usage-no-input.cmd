pgdissect control
