//! Findings about files as such: there, readable, of a size that makes sense.
super::rules! {
    FILE_UNREADABLE = "file.unreadable" Error {
        means: "The operating system would not give the bytes of this file; nothing is known about what it holds.",
        causes: "A failing device, a copy that went wrong, or permissions that let only the server's user read.",
        postgres: "Queries that need it fail with \"could not open file\" or \"could not read block\"; other relations go on.",
        next: "Check the permissions and the kernel log, copy the directory again from its source, and keep the original untouched.",
    }
}
