//! The book in `docs/`: every command in it runs, every link leads somewhere, and every page is in its contents.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use carveout_tests::{Clouds, small_estate};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").join("docs")
}

/// The pages in the order of the contents.
fn contents() -> Vec<String> {
    let summary = fs::read_to_string(docs().join("SUMMARY.md")).expect("it has contents");
    links(&summary)
}

/// The targets of Markdown links to files, without fragments.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let files = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    files.map(|target| target.split('#').next().unwrap_or(target).to_owned()).collect()
}

/// The lines that a reader is told to type: those after `$ ` in blocks marked `console`.
fn commands(page: &str) -> Vec<&str> {
    let blocks = page.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("$ ")).collect()
}

#[test]
fn every_command_of_the_book_runs() {
    let clouds = Clouds::start(&small_estate());
    let workspace = clouds.workspace();
    let configuration = workspace.read("carveout.toml");
    workspace.carveout(["refresh"]).expect(0);
    let mut ran = 0;
    for page in contents() {
        let text = fs::read_to_string(docs().join(&page)).expect("a page");
        for command in commands(&text) {
            assert!(command.starts_with("carveout "), "{page}: `{command}`");
            // `init` writes a configuration that has no connector yet; the reader fills it in, as the simulation has it.
            let is_init = command == "carveout init";
            if is_init {
                fs::remove_file(workspace.path("carveout.toml")).expect("it is there");
            }
            let outcome = workspace.shell(command);
            assert_eq!(outcome.status, Some(0), "{page}: {outcome}");
            if is_init {
                workspace.write("carveout.toml", &configuration);
            }
            ran += 1;
        }
    }
    assert!(ran >= 30, "only {ran} commands were found");
}

#[test]
fn every_page_is_in_the_contents_and_every_link_leads_somewhere() {
    let listed: BTreeSet<String> = contents().into_iter().collect();
    let mut wrong = Vec::new();
    for page in pages(&docs(), &docs()) {
        if page != "SUMMARY.md" && !listed.contains(&page) {
            wrong.push(format!("{page} is not in SUMMARY.md"));
        }
        let file = docs().join(&page);
        let text = fs::read_to_string(&file).expect("a page");
        let folder = file.parent().expect("it lies in a folder");
        let dead = links(&text).into_iter().filter(|target| !folder.join(target).exists());
        wrong.extend(dead.map(|target| format!("{page} links to {target}, which is not there")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every Markdown file below a folder, relative to the book.
fn pages(folder: &Path, book: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            found.extend(pages(&entry, book));
        } else if entry.extension().is_some_and(|extension| extension == "md") {
            let relative = entry.strip_prefix(book).expect("it lies in the book");
            found.push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
    found.sort();
    found
}
