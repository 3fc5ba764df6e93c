//! One enum per fork in the road, named for the change and matched in exactly one parser.
