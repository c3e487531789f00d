//! Fonts as far as text needs them: what a character code reads as, and how wide it is.

use std::cell::RefCell;
use std::collections::HashMap;

use lopdf::{Dictionary, Document, Encoding, Object};

use super::copying::Copying;
use super::metrics;

/// The most that one `ToUnicode` table may unpack to.
const MOST_TABLE_BYTES: usize = 4 << 20;

/// A font of a page.
pub(super) struct Font<'d> {
    /// What codes read as when text is copied. Subset fonts name their glyphs at will: only this tells then.
    copying: Option<Copying>,
    encoding: Option<Encoding<'d>>,
    /// Codes of two bytes, mostly (composite fonts).
    wide: bool,
    widths: HashMap<u32, f64>,
    default_width: f64,
    /// What each code reads as, as far as it has been asked.
    texts: RefCell<HashMap<u32, String>>,
}

/// One character code of a shown string.
pub(super) struct Code {
    /// What it reads as; the replacement character where the font does not say.
    pub text: String,
    /// Its width in thousandths of the font size.
    pub width: f64,
    /// Whether word spacing applies to it.
    pub is_space: bool,
}

impl<'d> Font<'d> {
    pub(super) fn new(document: &'d Document, dictionary: &'d Dictionary) -> Self {
        let wide = name_of(document, dictionary, b"Subtype").as_deref() == Some(b"Type0");
        let copying = dictionary.get_deref(b"ToUnicode", document).and_then(Object::as_stream).ok();
        let copying = copying.and_then(|stream| stream.get_plain_content_with_limit(MOST_TABLE_BYTES).ok());
        let encoding = dictionary.get_font_encoding_with_limit(document, MOST_TABLE_BYTES).ok();
        let mut font = Self {
            copying: copying.and_then(|bytes| Copying::read(&bytes)),
            // The fallback for what is not known would read glyph numbers as letters.
            encoding: encoding.filter(|encoding| !(wide && matches!(encoding, Encoding::OneByteEncoding(_)))),
            wide,
            widths: HashMap::new(),
            default_width: 1000.0,
            texts: RefCell::default(),
        };
        if wide {
            font.read_composite_widths(document, dictionary);
        } else {
            font.read_simple_widths(document, dictionary);
        }
        font
    }

    /// The codes of a shown string.
    pub(super) fn codes(&self, bytes: &[u8]) -> Vec<Code> {
        let stated = self.copying.as_ref().and_then(|copying| copying.code_length).unwrap_or(2);
        let step = if self.wide { stated.clamp(1, 4) } else { 1 };
        bytes
            .chunks(step)
            .map(|code| {
                let number = code.iter().fold(0, |sum, byte| sum * 256 + u32::from(*byte));
                Code {
                    text: self.text(number, code),
                    width: self.widths.get(&number).copied().unwrap_or(self.default_width),
                    is_space: !self.wide && number == 32,
                }
            })
            .collect()
    }

    fn text(&self, number: u32, code: &[u8]) -> String {
        if let Some(known) = self.texts.borrow().get(&number) {
            return known.clone();
        }
        let by_encoding = || {
            let text = self.encoding.as_ref()?.bytes_to_string(code).ok()?;
            (!text.is_empty() && !text.contains(char::REPLACEMENT_CHARACTER)).then_some(text)
        };
        let text = self
            .copying
            .as_ref()
            .and_then(|copying| copying.text(number).map(str::to_owned))
            .or_else(by_encoding)
            .map_or_else(|| char::REPLACEMENT_CHARACTER.to_string(), |text| plain(&text));
        self.texts.borrow_mut().insert(number, text.clone());
        text
    }

    fn read_simple_widths(&mut self, document: &Document, dictionary: &Dictionary) {
        let widths = dictionary.get_deref(b"Widths", document).and_then(Object::as_array);
        let first = dictionary.get_deref(b"FirstChar", document).and_then(Object::as_i64).unwrap_or(0);
        if let (Ok(widths), Ok(first)) = (widths, u32::try_from(first)) {
            let codes = (first..=255).zip(widths);
            self.widths = codes.filter_map(|(code, width)| Some((code, number(document, width)?))).collect();
            let descriptor = dictionary.get_deref(b"FontDescriptor", document).and_then(Object::as_dict).ok();
            let missing = descriptor.and_then(|each| each.get_deref(b"MissingWidth", document).ok());
            self.default_width = missing.and_then(|width| number(document, width)).unwrap_or(500.0);
            // A font of glyph procedures has units of its own.
            let matrix = dictionary.get_deref(b"FontMatrix", document).and_then(Object::as_array).ok();
            if let Some(scale) = matrix.and_then(|matrix| number(document, matrix.first()?)) {
                self.widths.values_mut().for_each(|width| *width *= scale * 1000.0);
            }
            return;
        }
        let name = name_of(document, dictionary, b"BaseFont").unwrap_or_default();
        let face = metrics::Face::of(&String::from_utf8_lossy(&name));
        self.default_width = face.width('n');
        for code in 32..=255_u32 {
            let Ok(byte) = u8::try_from(code) else { continue };
            if let Some(character) = self.text(code, &[byte]).chars().next() {
                self.widths.insert(code, face.width(character));
            }
        }
    }

    fn read_composite_widths(&mut self, document: &Document, dictionary: &Dictionary) {
        let descendants = dictionary.get_deref(b"DescendantFonts", document).and_then(Object::as_array);
        let first = descendants.ok().and_then(|fonts| document.dereference(fonts.first()?).ok());
        let Some(descendant) = first.and_then(|(_, object)| object.as_dict().ok()) else { return };
        let default = descendant.get_deref(b"DW", document).ok().and_then(|width| number(document, width));
        self.default_width = default.unwrap_or(1000.0);
        let Ok(widths) = descendant.get_deref(b"W", document).and_then(Object::as_array) else { return };
        let mut items = widths.iter();
        while let Some(first) = items.next().and_then(|object| code_of(document, object)) {
            let Some(next) = items.next().and_then(|object| document.dereference(object).ok()) else { return };
            if let Ok(list) = next.1.as_array() {
                for (code, width) in (first..=0xFFFF).zip(list) {
                    self.widths.extend(number(document, width).map(|width| (code, width)));
                }
            } else {
                let last = code_of(document, next.1);
                let width = items.next().and_then(|object| number(document, object));
                let (Some(last), Some(width)) = (last, width) else { return };
                self.widths.extend((first..=last.min(0xFFFF)).map(|code| (code, width)));
            }
        }
    }
}

fn name_of(document: &Document, dictionary: &Dictionary, key: &[u8]) -> Option<Vec<u8>> {
    dictionary.get_deref(key, document).and_then(Object::as_name).ok().map(<[u8]>::to_vec)
}

fn number(document: &Document, object: &Object) -> Option<f64> {
    document.dereference(object).ok()?.1.as_float().ok().map(f64::from).filter(|number| number.is_finite())
}

fn code_of(document: &Document, object: &Object) -> Option<u32> {
    u32::try_from(document.dereference(object).ok()?.1.as_i64().ok()?).ok()
}

/// One spelling for what typesetters write in several: ligatures, spaces, typographic apostrophes.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{FB00}' => plain.push_str("ff"),
            '\u{FB01}' => plain.push_str("fi"),
            '\u{FB02}' => plain.push_str("fl"),
            '\u{FB03}' => plain.push_str("ffi"),
            '\u{FB04}' => plain.push_str("ffl"),
            '\u{2018}' | '\u{2019}' => plain.push('\''),
            '\u{201C}' | '\u{201D}' => plain.push('"'),
            '\u{2010}' | '\u{2011}' => plain.push('-'),
            '\u{200B}' | '\u{FEFF}' => {}
            character if character.is_whitespace() => plain.push(' '),
            character if character.is_control() => {}
            character => plain.push(character),
        }
    }
    plain
}
