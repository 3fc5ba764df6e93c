pgdissect control docs
