//! Compiles the crate again when a packaged query changes: the macro that embeds them tells cargo nothing.

fn main() {
    println!("cargo::rerun-if-changed=../../queries");
}
