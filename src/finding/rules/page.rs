//! Findings about pages as such, whatever they hold: header and checksum.
super::rules! {
    PAGE_CHECKSUM = "page.checksum" Error {
        means: "The checksum stored in the page is not the one its bytes give: something other than the server changed the page, or it was never written whole.",
        causes: "A failing disk or controller, a write that was torn by a power loss or went to the wrong place, a copy taken while the server was writing without its backup mode, or an edited file.",
        postgres: "Every query that needs the block fails with \"invalid page in block\" after a warning that page verification failed; other blocks can still be read.",
        next: "Keep this copy as it is. Look for the block in a backup or a standby, and check the devices; an index can be built again, a table's rows on this page cannot. Do not set ignore_checksum_failure or zero_damaged_pages before everything else has been saved.",
    }
    PAGE_HEADER = "page.header" Error {
        means: "The page header breaks a rule that every page keeps, so nothing on the page can be found by it.",
        causes: "Bytes that belong somewhere else: a write that went to the wrong place, a failing device, memory corruption before a page was written, or a file of another kind under this name.",
        postgres: "Every query that needs the block fails with \"invalid page in block\".",
        next: "Keep this copy as it is. Look for the block in a backup or a standby, and look at the neighbouring blocks: damage rarely comes alone.",
    }
    PAGE_NEW_NOT_ZEROED = "page.new-not-zeroed" Error {
        means: "The page says that it was never initialised (pd_upper is 0), and yet not all of it is zeros.",
        causes: "A sector of zeros over the start of a page that had data, as failing devices and interrupted copies leave it, or bytes written by something other than the server.",
        postgres: "Every query that needs the block fails with \"invalid page in block\".",
        next: "Keep this copy as it is and look for the block in a backup or a standby; the bytes that are left may hold whole rows.",
    }
    PAGE_SIZE_VERSION = "page.size-version" Error {
        means: "The page claims another page size or another layout version than the pages of this cluster have.",
        causes: "The block size given or found is not the one the file was written with, or the header was overwritten.",
        postgres: "Reading does not check it, so the server may go on; functions that do check it fail with \"page size\" or \"version\" errors.",
        next: "If all pages of the file say the same, read it with that block size. If it is this one alone, treat the page as damaged: keep this copy and look for the block in a backup.",
    }
}
