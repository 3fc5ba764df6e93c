//! What each page of an index is for, by its access method and its special space.
use crate::format::index::{bloom, brin, btree, gin, gist, hash, spgist};
use crate::format::page::Page;

/// The access methods of PostgreSQL and its contrib modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Method {
    Btree,
    Hash,
    Gin,
    Gist,
    Spgist,
    Brin,
    Bloom,
    /// One of an extension: only headers and line pointers are understood.
    Other,
}

/// What a page is for; orders as reports list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Role {
    Meta,
    Revmap,
    Bitmap,
    Root,
    Internal,
    Leaf,
    InternalNulls,
    LeafNulls,
    EntryInternal,
    EntryLeaf,
    DataInternal,
    DataLeaf,
    Pending,
    Bucket,
    Overflow,
    Regular,
    HalfDead,
    Deleted,
    Unused,
    New,
}

impl Method {
    /// The access method of that name.
    pub fn of(amname: Option<&str>) -> Self {
        match amname {
            Some("btree") => Self::Btree,
            Some("hash") => Self::Hash,
            Some("gin") => Self::Gin,
            Some("gist") => Self::Gist,
            Some("spgist") => Self::Spgist,
            Some("brin") => Self::Brin,
            Some("bloom") => Self::Bloom,
            _ => Self::Other,
        }
    }

    /// Percent of a page that building an index fills, unless its fillfactor says otherwise
    /// (`BTREE_DEFAULT_FILLFACTOR` and its kin); none where there is no such option.
    pub const fn default_fillfactor(self) -> Option<u32> {
        match self {
            Self::Btree | Self::Gist => Some(90),
            Self::Hash => Some(75),
            Self::Spgist => Some(80),
            Self::Gin | Self::Brin | Self::Bloom | Self::Other => None,
        }
    }

    /// Bytes of the special space of its pages; none if any will do.
    const fn special(self) -> Option<usize> {
        match self {
            Self::Btree | Self::Hash | Self::Gist => Some(16),
            Self::Gin | Self::Spgist | Self::Brin | Self::Bloom => Some(8),
            Self::Other => None,
        }
    }

    /// What `page`, which is not new, is for.
    ///
    /// # Errors
    /// Why it is no page of this access method.
    pub fn role(self, page: &Page<'_>) -> Result<Role, String> {
        let have = page.special().len();
        if let Some(expected) = self.special().filter(|&expected| expected != have) {
            return Err(format!("special space of {have} bytes, expected {expected}"));
        }
        let cut = |error: crate::format::ParseError| error.to_string();
        match self {
            Self::Btree => btree_role(&btree::Opaque::of(page).map_err(cut)?),
            Self::Hash => hash_role(&hash::Opaque::of(page).map_err(cut)?),
            Self::Gin => gin_role(gin::Opaque::of(page).map_err(cut)?),
            Self::Gist => gist_role(&gist::Opaque::of(page).map_err(cut)?),
            Self::Spgist => spgist_role(spgist::Opaque::of(page).map_err(cut)?),
            Self::Brin => match brin::Kind::of(page) {
                Some(brin::Kind::Meta) => Ok(Role::Meta),
                Some(brin::Kind::Revmap) => Ok(Role::Revmap),
                Some(brin::Kind::Regular) => Ok(Role::Regular),
                other => Err(other.map_or_else(String::new, |kind| format!("page type {kind}"))),
            },
            Self::Bloom => bloom_role(bloom::Opaque::of(page).map_err(cut)?),
            Self::Other => Ok(Role::Regular),
        }
    }
}

fn btree_role(of: &btree::Opaque) -> Result<Role, String> {
    // Other access methods have their id there.
    if of.btpo_cycleid > btree::MAX_CYCLE_ID {
        return Err(format!("btpo_cycleid {:#06x} is none", of.btpo_cycleid));
    }
    Ok(match of.kind() {
        _ if of.is_meta() => Role::Meta,
        'd' | 'D' => Role::Deleted,
        'e' => Role::HalfDead,
        'l' => Role::Leaf,
        'r' => Role::Root,
        _ => Role::Internal,
    })
}

fn hash_role(of: &hash::Opaque) -> Result<Role, String> {
    if of.hasho_page_id != hash::PAGE_ID {
        return Err(format!("page id {:#06x}, expected {:#06x}", of.hasho_page_id, hash::PAGE_ID));
    }
    match of.kind() {
        hash::Kind::Meta => Ok(Role::Meta),
        hash::Kind::Bitmap => Ok(Role::Bitmap),
        hash::Kind::Bucket => Ok(Role::Bucket),
        hash::Kind::Overflow => Ok(Role::Overflow),
        hash::Kind::Unused => Ok(Role::Unused),
        unknown @ hash::Kind::Unknown(_) => Err(unknown.to_string()),
    }
}

fn gin_role(of: gin::Opaque) -> Result<Role, String> {
    if of.flags & !gin::FLAGS != 0 {
        return Err(format!("flags {:#06x} are none of GIN", of.flags));
    }
    Ok(match (of.is_data(), of.is_leaf()) {
        _ if of.is_meta() => Role::Meta,
        _ if of.is_deleted() => Role::Deleted,
        _ if of.is_list() => Role::Pending,
        (true, true) => Role::DataLeaf,
        (true, false) => Role::DataInternal,
        (false, true) => Role::EntryLeaf,
        (false, false) => Role::EntryInternal,
    })
}

fn gist_role(of: &gist::Opaque) -> Result<Role, String> {
    if of.gist_page_id != gist::PAGE_ID {
        return Err(format!("page id {:#06x}, expected {:#06x}", of.gist_page_id, gist::PAGE_ID));
    }
    Ok(match of {
        of if of.is_deleted() => Role::Deleted,
        of if of.is_leaf() => Role::Leaf,
        _ => Role::Internal,
    })
}

fn spgist_role(of: spgist::Opaque) -> Result<Role, String> {
    let (found, expected) = (of.spgist_page_id, spgist::PAGE_ID);
    if found != expected {
        return Err(format!("page id {found:#06x}, expected {expected:#06x}"));
    }
    Ok(match (of.is_leaf(), of.stores_nulls()) {
        _ if of.is_meta() => Role::Meta,
        (true, false) => Role::Leaf,
        (false, false) => Role::Internal,
        (true, true) => Role::LeafNulls,
        (false, true) => Role::InternalNulls,
    })
}

fn bloom_role(of: bloom::Opaque) -> Result<Role, String> {
    let (found, expected) = (of.bloom_page_id, bloom::PAGE_ID);
    if found != expected {
        return Err(format!("page id {found:#06x}, expected {expected:#06x}"));
    }
    Ok(match of {
        of if of.is_meta() => Role::Meta,
        of if of.is_deleted() => Role::Deleted,
        _ => Role::Regular,
    })
}

impl Role {
    /// What reports call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Revmap => "revmap",
            Self::Bitmap => "bitmap",
            Self::Root => "root",
            Self::Internal => "internal",
            Self::Leaf => "leaf",
            Self::InternalNulls => "internal of nulls",
            Self::LeafNulls => "leaf of nulls",
            Self::EntryInternal => "entry internal",
            Self::EntryLeaf => "entry leaf",
            Self::DataInternal => "data internal",
            Self::DataLeaf => "data leaf",
            Self::Pending => "pending list",
            Self::Bucket => "bucket",
            Self::Overflow => "overflow",
            Self::Regular => "regular",
            Self::HalfDead => "half-dead",
            Self::Deleted => "deleted",
            Self::Unused => "unused",
            Self::New => "new",
        }
    }

    /// Whether its items lead to rows.
    pub const fn leads_to_rows(self) -> bool {
        matches!(
            self,
            Self::Leaf
                | Self::LeafNulls
                | Self::EntryLeaf
                | Self::DataLeaf
                | Self::Pending
                | Self::Bucket
                | Self::Overflow
                | Self::Regular
        )
    }
}
