//! Plain pages of lines: certificates, forms and letters.

use lopdf::{Dictionary, Document, Object, Stream, dictionary};

/// Lines from the top of a page: size, and text. A large one is bold, an empty one is white, and a tab begins the next
/// cell.
pub fn paper(lines: &[(f64, &str)]) -> Vec<u8> {
    let mut content = String::new();
    let mut y = 740.0;
    for (size, text) in lines {
        y -= size.max(10.0) * 1.45;
        let font = if *size > 13.0 { "F2" } else { "F1" };
        for (at, cell) in text.split('\t').enumerate() {
            let x = 60.0 + 170.0 * at as f64;
            let cell = cell.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
            content.push_str(&format!("BT /{font} {size} Tf 1 0 0 1 {x} {y:.2} Tm ({cell}) Tj ET\n"));
        }
    }
    let mut document = Document::with_version("1.7");
    let tree = document.new_object_id();
    let font = |base: &str| {
        dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => base, "Encoding" => "WinAnsiEncoding" }
    };
    let stream = document.add_object(Stream::new(Dictionary::new(), content.into_bytes()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => tree, "Contents" => stream,
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font("Helvetica"), "F2" => font("Helvetica-Bold") } },
        "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
    });
    let tree_entries = dictionary! { "Type" => "Pages", "Kids" => vec![Object::Reference(page)], "Count" => 1 };
    document.objects.insert(tree, tree_entries.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("it is written to memory");
    bytes
}
