//! Offline forensics for PostgreSQL data directories.
