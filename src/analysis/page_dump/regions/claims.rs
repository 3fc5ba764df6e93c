//! Claims to bytes of a page, and how they are made to tile it: those that a damaged page lets
//! overlap are cut where the one before them ends, and what nobody claims is named by its place.
use crate::format::page::Page;
use crate::report::page::{Drawn, Region, Use};
use std::borrow::Cow;
use std::fmt::Display;

/// A sentence, most often one that is always the same.
pub(super) type Words = Cow<'static, str>;

/// Who claims which bytes.
pub(super) struct Claims {
    parts: Vec<Part>,
    fields: Vec<Field>,
}

/// A structure on the page.
#[derive(Clone)]
struct Part {
    of: Use,
    name: Words,
    number: Option<u16>,
    header: &'static str,
}

/// A field of a structure.
struct Field {
    start: usize,
    end: usize,
    part: usize,
    name: Words,
    value: String,
    meaning: Words,
}

/// The fields of one structure, one behind the other.
pub(super) struct Row<'c> {
    claims: &'c mut Claims,
    part: usize,
    /// Where the next field begins.
    pub(super) at: usize,
}

/// Claims that tile a page.
pub(super) struct Tiles {
    parts: Vec<Part>,
    fields: Vec<Field>,
}

impl Claims {
    pub(super) const fn new() -> Self {
        Self { parts: Vec::new(), fields: Vec::new() }
    }

    /// A structure that begins at byte `at`, declared in `header`.
    pub(super) fn part(
        &mut self,
        of: Use,
        name: impl Into<Words>,
        header: &'static str,
        at: usize,
    ) -> Row<'_> {
        self.parts.push(Part { of, name: name.into(), number: None, header });
        let part = self.parts.len() - 1;
        Row { claims: self, part, at }
    }

    /// As [`Self::part`], of the line pointer of that number, or what else is counted.
    pub(super) fn numbered(
        &mut self,
        (of, number): (Use, u16),
        name: impl Into<Words>,
        header: &'static str,
        at: usize,
    ) -> Row<'_> {
        let row = self.part(of, name, header, at);
        if let Some(part) = row.claims.parts.last_mut() {
            part.number = Some(number);
        }
        row
    }

    /// Cuts overlaps and fills gaps.
    pub(super) fn tile(self, page: &Page<'_>) -> Tiles {
        let Self { parts, mut fields } = self;
        fields.sort_by_key(|field| field.start);
        let mut tiles = Tiles { parts, fields: Vec::with_capacity(fields.len()) };
        let len = page.bytes().len();
        let mut at = 0;
        for field in fields {
            let (start, end) = (field.start.max(at).min(len), field.end.min(len));
            if end <= start {
                continue;
            }
            tiles.gap(at, start, page);
            tiles.fields.push(Field { start, end, ..field });
            at = end;
        }
        tiles.gap(at, len, page);
        tiles
    }
}

impl Row<'_> {
    /// Claims the next `size` bytes.
    pub(super) fn field(
        &mut self,
        size: usize,
        name: impl Into<Words>,
        value: impl Display,
        meaning: impl Into<Words>,
    ) -> &mut Self {
        let (start, end) = (self.at, self.at.saturating_add(size));
        let (name, value, meaning) = (name.into(), value.to_string(), meaning.into());
        self.claims.fields.push(Field { start, end, part: self.part, name, value, meaning });
        self.at = end;
        self
    }

    /// Claims what is left up to byte `end`, which aligns what follows.
    pub(super) fn padding(&mut self, end: usize) -> &mut Self {
        match end.checked_sub(self.at) {
            None | Some(0) => self,
            Some(size) => self.field(size, "padding", "", PADDING),
        }
    }

    /// Claims what is left up to byte `end`.
    pub(super) fn rest(
        &mut self,
        end: usize,
        name: &'static str,
        meaning: &'static str,
    ) -> &mut Self {
        match end.checked_sub(self.at) {
            None | Some(0) => self,
            Some(size) => self.field(size, name, "", meaning),
        }
    }

    /// Claims an array of `size` bytes an element up to its end: equal neighbours in one.
    pub(super) fn array<T: PartialEq>(
        &mut self,
        size: usize,
        name: &str,
        elements: impl IntoIterator<Item = T>,
        mut says: impl FnMut(usize, usize, &T) -> (String, Words),
    ) {
        let mut elements = elements.into_iter().enumerate().peekable();
        while let Some((first, value)) = elements.next() {
            let mut last = first;
            while let Some((number, _)) = elements.next_if(|(_, next)| *next == value) {
                last = number;
            }
            let name = match last - first {
                0 => format!("{name}[{first}]"),
                _ => format!("{name}[{first}..{last}]"),
            };
            let (text, meaning) = says(first, last, &value);
            self.field(size * (last - first + 1), name, text, meaning);
        }
    }
}

const PADDING: &str = "Aligns what follows; no value.";

impl Tiles {
    /// Names the bytes from `start` to `end` that nobody claims.
    fn gap(&mut self, start: usize, end: usize, page: &Page<'_>) {
        let header = page.header();
        let (lower, upper) = (usize::from(header.pd_lower), usize::from(header.pd_upper));
        let special = usize::from(header.pd_special);
        let mut at = start;
        while at < end {
            let borders = [lower, upper, special].into_iter().filter(|border| *border > at);
            let next = borders.min().unwrap_or(end).min(end);
            let (of, meaning) = if page.header().is_new() {
                (Use::New, "The page was never initialised.")
            } else if at >= special {
                (Use::Special, "Space of the access method.")
            } else if at >= lower && next <= upper {
                (Use::Hole, "Free space between line pointers and tuples.")
            } else if next - at < 8 && next % 8 == 0 {
                (Use::Padding, PADDING)
            } else {
                (Use::Unclaimed, "No line pointer leads here: what removed tuples left, or free.")
            };
            let name = match of {
                Use::Padding => "padding",
                Use::Hole => "hole",
                Use::Special => "special space",
                Use::New => "contents",
                _ => "of no tuple",
            };
            let part = Part { of, name: name.into(), number: None, header: PAGE };
            self.parts.push(part);
            self.fields.push(Field {
                start: at,
                end: next,
                part: self.parts.len() - 1,
                name: name.into(),
                value: format!("{} bytes", next - at),
                meaning: meaning.into(),
            });
            at = next;
        }
    }

    /// As the report has them.
    pub(super) fn regions(&self, bytes: &[u8]) -> Vec<Region> {
        let region = |field: &Field| {
            let part = self.parts.get(field.part)?;
            let bytes = bytes.get(field.start..field.end).map(hex::encode).unwrap_or_default();
            Some(Region {
                at: narrow(field.start),
                bytes,
                part: part.name.clone().into_owned(),
                field: field.name.clone().into_owned(),
                value: field.value.clone(),
                meaning: field.meaning.clone().into_owned(),
                header: part.header,
            })
        };
        self.fields.iter().filter_map(region).collect()
    }

    /// As a diagram has them: each structure as one.
    pub(super) fn drawn(&self) -> Vec<Drawn> {
        let mut drawn: Vec<Drawn> = Vec::new();
        let mut last = None;
        for field in &self.fields {
            let Some(part) = self.parts.get(field.part) else { continue };
            let (at, len) = (narrow(field.start), narrow(field.end - field.start));
            match drawn.last_mut().filter(|_| last == Some(field.part)) {
                Some(before) => before.len += len,
                None => drawn.push(Drawn { at, len, of: part.of, number: part.number }),
            }
            last = Some(field.part);
        }
        drawn
    }
}

/// Where the page's own structures are declared.
pub(super) const PAGE: &str = "storage/bufpage.h";

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
