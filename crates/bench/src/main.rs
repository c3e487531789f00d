//! `cargo xtask bench`: crawling, loading and querying, each beside the least that the same work can cost, and sizing.
//!
//! Every figure is of a process of its own, so that processor time and peak memory are comparable: this program starts
//! itself (`crawl`, `replay`, `load`, `query`, `scoping`, `graph`), the product's program, and Python for DuckDB's own
//! insert and for rustworkx.

mod crawl;
mod graph;
mod load;
mod measure;
mod query;
mod record;
mod replay;
mod rows;
mod scoping;
mod table;

use std::{
    error::Error,
    fs,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

/// A benchmark's failure ends it; the text says all there is to say.
type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// What is measured with.
struct Tools {
    /// The product's program.
    carveout: PathBuf,
    /// A Python with DuckDB.
    python: PathBuf,
    /// This program.
    bench: PathBuf,
    /// A folder that is removed at the end.
    scratch: PathBuf,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words[..] {
        ["crawl", target] => crawl::child(target),
        ["replay", file, endpoint] => replay::child(file, endpoint),
        ["load", folder] => load::child(folder),
        ["query", database] => query::child(database),
        ["graph", ref rest @ ..] => graph::child(rest),
        ["scoping"] => scoping::child(),
        ["--carveout", carveout, "--python", python, ref rest @ ..] => all(carveout, python, rest),
        _ => Err("run `cargo xtask bench [--out FILE]`".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error may be gone; the exit status still tells.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn all(carveout: &str, python: &str, rest: &[&str]) -> Result<()> {
    let out = match rest {
        [] => None,
        ["--out", file] => Some(PathBuf::from(file)),
        _ => return Err(format!("unknown arguments: {}", rest.join(" ")).into()),
    };
    let bench = std::env::current_exe()?;
    let scratch = std::env::temp_dir().join(format!("carveout-bench-{}", std::process::id()));
    fs::create_dir_all(&scratch)?;
    let tools = Tools { carveout: carveout.into(), python: python.into(), bench, scratch };
    let measured = measure_all(&tools);
    fs::remove_dir_all(&tools.scratch)?;
    let text = measured?;
    write!(io::stdout().lock(), "{text}")?;
    match out {
        Some(path) => fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()).into()),
        None => Ok(()),
    }
}

fn measure_all(tools: &Tools) -> Result<String> {
    let mut text = crawl::section(tools)?;
    text.push_str(&load::section(tools)?);
    text.push_str(&query::section(tools)?);
    text.push_str(&graph::section(tools)?);
    text.push_str(&scoping::section(tools)?);
    Ok(text)
}
