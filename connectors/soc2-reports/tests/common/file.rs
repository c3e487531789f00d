//! Pages into a PDF, by lopdf's writer: plain fonts, or composite ones whose codes read as nothing by themselves.

use lopdf::{Dictionary, Document, Object, Stream, dictionary};

use super::facts::Facts;
use super::metrics::Face;
use super::typeset::Style;

/// Puts the pages into a file.
pub fn write(style: &Style, pages: &[String], facts: &Facts) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let tree = document.new_object_id();
    let fonts = fonts(&mut document, style.composite);
    let mut kids = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        let mut content = page.clone();
        if style.running {
            let head = format!("{} | SOC 2 Report | Confidential", facts.organization);
            content.push_str(&format!("BT /F1 7 Tf 1 0 0 1 54 {:.2} Tm (@{head}@) Tj ET\n", style.height - 30.0));
            content.push_str(&format!(
                "BT /F1 7 Tf 1 0 0 1 {:.2} 28 Tm (@Page {} of {}@) Tj ET\n",
                style.width / 2.0,
                at + 1,
                pages.len()
            ));
        }
        let (mut width, mut height) = (style.width, style.height);
        let mut bytes = Vec::new();
        if style.turned {
            // Set upright, then turned a quarter: the page itself is of the other orientation.
            std::mem::swap(&mut width, &mut height);
            bytes.extend_from_slice(format!("0 1 -1 0 {width:.2} 0 cm\n").as_bytes());
        }
        bytes.extend(encode(&content, style.composite));
        let stream = document.add_object(Stream::new(Dictionary::new(), bytes));
        kids.push(Object::Reference(document.add_object(dictionary! {
            "Type" => "Page",
            "Parent" => tree,
            "MediaBox" => vec![0.into(), 0.into(), Object::Real(width as f32), Object::Real(height as f32)],
            "Contents" => stream,
            "Resources" => dictionary! { "Font" => fonts.clone() },
        })));
    }
    let count = i64::try_from(kids.len()).expect("pages are few");
    document.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    document.compress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("it is written to memory");
    bytes
}

fn fonts(document: &mut Document, composite: bool) -> Dictionary {
    let mut fonts = Dictionary::new();
    for (name, base, face) in [("F1", "Helvetica", Face::Sans), ("F2", "Helvetica-Bold", Face::SansBold)] {
        let font = if composite {
            // Glyph numbers as a subset font has them: nothing that reads as text by itself.
            let codes = 32..=255_u32;
            let map: String =
                codes.clone().map(|code| format!("<{:04X}> <{:04X}>\n", code + 700, unicode(code))).collect();
            let table = format!(
                "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{} beginbfchar\n{map}endbfchar\nendcmap end end",
                codes.clone().count()
            );
            let table = document.add_object(Stream::new(Dictionary::new(), table.into_bytes()));
            let widths: Vec<Object> = codes
                .map(|code| Object::Integer(face.width(char::from_u32(unicode(code)).unwrap_or(' ')) as i64))
                .collect();
            let descendant = document.add_object(dictionary! {
                "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => base,
                "W" => vec![732.into(), Object::Array(widths)],
            });
            document.add_object(dictionary! {
                "Type" => "Font", "Subtype" => "Type0", "BaseFont" => base, "Encoding" => "Identity-H",
                "DescendantFonts" => vec![Object::Reference(descendant)], "ToUnicode" => table,
            })
        } else {
            document.add_object(dictionary! {
                "Type" => "Font", "Subtype" => "Type1", "BaseFont" => base, "Encoding" => "WinAnsiEncoding",
            })
        };
        fonts.set(name, font);
    }
    fonts
}

/// The characters of WinAnsi that the reports use, by code.
const SPECIAL: &[(char, u8)] = &[('–', 0x96), ('—', 0x97), ('•', 0x95), ('\u{2019}', 0x92)];

fn unicode(code: u32) -> u32 {
    SPECIAL.iter().find(|(_, byte)| u32::from(*byte) == code).map_or(code, |(character, _)| *character as u32)
}

/// Turns the texts between `(@` and `@)` into strings of the font.
fn encode(content: &str, composite: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = content;
    while let Some((before, after)) = rest.split_once("(@") {
        let (text, next) = after.split_once("@)").expect("texts are closed");
        bytes.extend_from_slice(before.as_bytes());
        let codes = text.chars().map(|each| {
            SPECIAL.iter().find(|(character, _)| *character == each).map_or(each as u32 as u8, |(_, byte)| *byte)
        });
        if composite {
            bytes.push(b'<');
            codes.for_each(|code| bytes.extend_from_slice(format!("{:04X}", u32::from(code) + 700).as_bytes()));
            bytes.push(b'>');
        } else {
            bytes.push(b'(');
            for code in codes {
                if matches!(code, b'(' | b')' | b'\\') {
                    bytes.push(b'\\');
                }
                bytes.push(code);
            }
            bytes.push(b')');
        }
        rest = next;
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
