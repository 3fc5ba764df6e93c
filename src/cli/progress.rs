//! Progress of long work on standard error: bytes done, rate, time left.
