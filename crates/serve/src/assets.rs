//! The page's files. They are in the program: there is nothing to install beside it and nothing to read from a disk.

/// A file of the page.
pub(crate) struct Asset {
    pub path: &'static str,
    pub media: &'static str,
    pub text: &'static str,
    /// Whether it is needed before the token was shown.
    pub is_way_in: bool,
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

const fn asset(path: &'static str, media: &'static str, text: &'static str) -> Asset {
    Asset { path, media, text, is_way_in: false }
}

const fn way_in(path: &'static str, media: &'static str, text: &'static str) -> Asset {
    Asset { path, media, text, is_way_in: true }
}

/// The page itself.
pub(crate) const PAGE: Asset = asset("/", HTML, include_str!("../page/index.html"));

/// What stands in its place before the token was shown.
pub(crate) const SIGN_IN: Asset = way_in("/sign-in", HTML, include_str!("../page/sign-in.html"));

/// Everything else.
pub(crate) const ASSETS: &[Asset] = &[
    way_in("/sign-in.js", SCRIPT, include_str!("../page/sign-in.js")),
    way_in("/icon.svg", SVG, include_str!("../page/icon.svg")),
    way_in("/style.css", CSS, include_str!("../page/style.css")),
    asset("/app.js", SCRIPT, include_str!("../page/app.js")),
    asset("/api.js", SCRIPT, include_str!("../page/api.js")),
    asset("/compare.js", SCRIPT, include_str!("../page/compare.js")),
    asset("/details.js", SCRIPT, include_str!("../page/details.js")),
    asset("/dom.js", SCRIPT, include_str!("../page/dom.js")),
    asset("/effort.js", SCRIPT, include_str!("../page/effort.js")),
    asset("/gaps.js", SCRIPT, include_str!("../page/gaps.js")),
    asset("/heat.js", SCRIPT, include_str!("../page/heat.js")),
    asset("/numbers.js", SCRIPT, include_str!("../page/numbers.js")),
    asset("/parties.js", SCRIPT, include_str!("../page/parties.js")),
    asset("/scenario.js", SCRIPT, include_str!("../page/scenario.js")),
    asset("/words.js", SCRIPT, include_str!("../page/words.js")),
];

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    fn all() -> impl Iterator<Item = &'static Asset> {
        const FIRST: &[Asset] = &[PAGE, SIGN_IN];
        FIRST.iter().chain(ASSETS)
    }

    #[test]
    fn every_file_of_the_page_is_listed() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
        let entries = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
        let files: BTreeSet<String> = entries.map(|path| fs::read_to_string(path).expect("a text")).collect();
        assert_eq!(all().map(|asset| asset.text.to_owned()).collect::<BTreeSet<_>>(), files);
        assert_eq!(all().map(|asset| asset.path).collect::<BTreeSet<_>>().len(), files.len(), "each has its own path");
    }

    #[test]
    fn markup_brings_no_script_and_no_style_of_its_own() {
        for asset in all().filter(|asset| asset.media == HTML) {
            for forbidden in
                ["<style", " style=", " onclick", " onload", " onchange", "javascript:", "http://", "https://"]
            {
                assert!(!asset.text.contains(forbidden), "{} holds {forbidden}", asset.path);
            }
            let scripts = asset.text.matches("<script").count();
            assert_eq!(asset.text.matches("<script type=\"module\" src=\"/").count(), scripts, "{}", asset.path);
        }
    }

    #[test]
    fn scripts_put_texts_into_the_page_as_texts() {
        for asset in all().filter(|asset| asset.media == SCRIPT) {
            for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("] {
                assert!(!asset.text.contains(forbidden), "{} uses {forbidden}", asset.path);
            }
            assert!(asset.text.starts_with("//! "), "{} does not say what it is for", asset.path);
        }
    }
}
