//! The answer that everything is for: how long the demo takes, and how long its main query.

use std::{fs, io::Write as _, path::Path, process::Command, time::Instant};

use carveout_queries::Catalogue;
use carveout_warehouse::{Reader, Settings};

use crate::{
    Result, Tools,
    measure::{Measured, median_of, run},
    table::{mebibytes, table},
};

const QUERY: &str = "controls-repeat-per-provider";
const REPEATS: usize = 5;
const IN_PROCESS_REPEATS: usize = 20;

/// Runs the query again and again on an open database and prints the median of the milliseconds.
pub fn child(database: &str) -> Result<()> {
    let catalogue = Catalogue::embedded()?;
    let query = catalogue.find(QUERY)?;
    let reader = Reader::open(Path::new(database), &Settings::default())?;
    let mut milliseconds = Vec::new();
    for _ in 0..IN_PROCESS_REPEATS {
        let started = Instant::now();
        std::hint::black_box(reader.query(&query.sql, &[])?);
        milliseconds.push(started.elapsed().as_secs_f64() * 1e3);
    }
    milliseconds.sort_by(f64::total_cmp);
    writeln!(std::io::stdout(), "{}", milliseconds[milliseconds.len() / 2])?;
    Ok(())
}

/// Measures and writes the table.
pub fn section(tools: &Tools) -> Result<String> {
    let folder = tools.scratch.join("demo");
    fs::create_dir_all(&folder)?;
    let demo = run(Command::new(&tools.carveout).args(["--quiet", "demo", "--dir"]).arg(&folder), &[0])?;
    let database = folder.join("acme.duckdb");
    let asked = median_of(REPEATS, || {
        let arguments = ["query", "run", QUERY, "--format", "json", "--database"];
        run(Command::new(&tools.carveout).args(arguments).arg(&database).current_dir(&tools.scratch), &[0])
    })?;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&asked.stdout)?;
    let in_process = run(Command::new(&tools.bench).arg("query").arg(&database), &[0])?;
    let in_process_ms: f64 = in_process.stdout.trim().parse()?;
    let row = |what: &str, wall_ms: f64, measured: &Measured| {
        vec![
            what.to_owned(),
            format!("{wall_ms:.0}"),
            format!("{:.0}", measured.cpu_seconds * 1e3),
            mebibytes(measured.peak_bytes),
        ]
    };
    let mut in_process_row = row("on an open database", in_process_ms, &in_process);
    in_process_row[2] = "–".to_owned();
    Ok(table(
        "Answering",
        &["what", "wall ms", "CPU ms", "peak MiB"],
        &[
            row("`carveout demo`", demo.wall_seconds * 1e3, &demo),
            row(&format!("`carveout query run {QUERY}`"), asked.wall_seconds * 1e3, &asked),
            in_process_row,
        ],
        &format!(
            "The query answers {} rows on the demo's database. Of {REPEATS} runs the one with the middle wall time; on an \
             open database the median of {IN_PROCESS_REPEATS}.",
            rows.len()
        ),
    ))
}
