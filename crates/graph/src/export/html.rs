//! One page that needs nothing but a browser: its style, its script and its data are in it, and its content security
//! policy lets in nothing else.
//!
//! The policy names the style and the script by their hashes. The data is a block of JSON, which a browser never runs;
//! in it `<` is written as an escape, so that no text can end the block, and the script puts texts into the page as
//! text only.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use super::Document;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

pub(super) fn write(document: &Document<'_>) -> String {
    let data = serde_json::to_string(document).expect("rows of texts and numbers");
    let title = format!("{}: third parties", document.organization);
    let mut page = String::with_capacity(PAGE.len() + STYLE.len() + SCRIPT.len() + data.len());
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").expect("the page closes its places");
        page.push_str(before);
        match name {
            "style_hash" => page.push_str(&hash(STYLE)),
            "script_hash" => page.push_str(&hash(SCRIPT)),
            "title" => page.push_str(&escaped(&title)),
            "style" => page.push_str(STYLE),
            "script" => page.push_str(SCRIPT),
            "data" => page.push_str(&in_script(&data)),
            _ => unreachable!("the page names a place that nothing fills: {name}"),
        }
        rest = after;
    }
    page.push_str(rest);
    page
}

/// A source expression of Content Security Policy Level 3.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// JSON inside a script element: neither `</script>` nor `<!--` can be written without `<`.
fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
