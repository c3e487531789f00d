//! Rows into DuckDB: the warehouse's own path, beside DuckDB's bulk insert of the same rows from a file.

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
    process::Command,
    time::Instant,
};

use carveout_model::{Coverage, CoverageStatus, Provider, Resource};
use carveout_warehouse::{RunRequest, Settings, Warehouse};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Result, Tools,
    measure::{own_seconds, run},
    rows::resource,
    table::{count, mebibytes, seconds, table},
};

const ROWS: usize = 100_000;
/// Rows of one page, as a cloud hands them out.
const PAGE: usize = 1_000;

/// One part of the work.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Part {
    wall_seconds: f64,
    cpu_seconds: f64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Loaded {
    /// Making the rows, which is no part of loading them.
    made: Part,
    /// Making and staging them: durable, and not yet in the estate.
    staged: Part,
    /// Comparing with the estate, history, hash sums, publishing.
    sealed: Part,
    bytes: u64,
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<Part> {
    let (started, before) = (Instant::now(), own_seconds()?);
    work()?;
    Ok(Part { wall_seconds: started.elapsed().as_secs_f64(), cpu_seconds: own_seconds()? - before })
}

fn pages() -> impl Iterator<Item = Vec<Resource>> {
    (0..ROWS / PAGE).map(|page| (page * PAGE..(page + 1) * PAGE).map(resource).collect())
}

/// Loads the rows into a new warehouse in the folder and prints what the parts took.
pub fn child(folder: &str) -> Result<()> {
    let database = Path::new(folder).join("load.duckdb");
    let made = timed(|| {
        pages().for_each(|page| drop(std::hint::black_box(page)));
        Ok(())
    })?;
    let mut warehouse = Warehouse::open(&database, &Settings::default())?;
    let started_at = Timestamp::now();
    let staged = timed(|| {
        warehouse.begin_run(&RunRequest { requested: "bench".to_owned(), started_at, resume_within: None })?;
        for (number, page) in pages().enumerate() {
            let unit = format!("page-{number}");
            warehouse.load(&unit, &page, &[])?;
            warehouse.finish_unit(&unit, &[coverage(number)], Timestamp::now())?;
        }
        Ok(())
    })?;
    let sealed = timed(|| {
        let sealing = warehouse.seal(Timestamp::now())?;
        sealing.commit()?;
        warehouse.publish()?;
        Ok(())
    })?;
    let bytes = fs::metadata(&database)?.len();
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&Loaded { made, staged, sealed, bytes })?)?;
    Ok(())
}

fn coverage(number: usize) -> Coverage {
    Coverage {
        provider: Provider::Aws,
        scope_id: "000000000001".to_owned(),
        region: "us-east-1".to_owned(),
        type_name: format!("page-{number}"),
        status: CoverageStatus::Ok,
        resources: PAGE as u64,
        requests: 1,
        retries: 0,
        elapsed_ms: 1,
        error_code: None,
        message: None,
    }
}

/// Measures and writes the table.
pub fn section(tools: &Tools) -> Result<String> {
    #[derive(Deserialize)]
    struct Inserted {
        #[serde(flatten)]
        part: Part,
        rows: usize,
        bytes: u64,
    }
    let folder = tools.scratch.join("load");
    fs::create_dir_all(&folder)?;
    let file = folder.join("rows.ndjson");
    write_rows(&file)?;
    let measured_bulk = run(
        Command::new(&tools.python)
            .args(["-c", include_str!("bulk_insert.py")])
            .arg(&file)
            .arg(folder.join("bulk.duckdb")),
        &[0],
    )?;
    let bulk: Inserted = serde_json::from_str(&measured_bulk.stdout)?;
    if bulk.rows != ROWS {
        return Err(format!("DuckDB inserted {} of {ROWS} rows", bulk.rows).into());
    }
    fs::remove_file(&file)?;
    let measured = run(Command::new(&tools.bench).arg("load").arg(&folder), &[0])?;
    let Loaded { made, staged, sealed, bytes } = serde_json::from_str(&measured.stdout)?;
    let less = |part: Part, other: Part| Part {
        wall_seconds: (part.wall_seconds - other.wall_seconds).max(0.01),
        cpu_seconds: (part.cpu_seconds - other.cpu_seconds).max(0.01),
    };
    let plus = |part: Part, other: Part| Part {
        wall_seconds: part.wall_seconds + other.wall_seconds,
        cpu_seconds: part.cpu_seconds + other.cpu_seconds,
    };
    let staged = less(staged, made);
    let row = |what: &str, part: Part, peak: u64, bytes: Option<u64>| {
        vec![
            what.to_owned(),
            seconds(part.wall_seconds),
            seconds(part.cpu_seconds),
            count(ROWS as f64 / part.wall_seconds),
            count(ROWS as f64 / part.cpu_seconds),
            mebibytes(peak),
            bytes.map_or_else(|| "–".to_owned(), |bytes| count(bytes as f64 / ROWS as f64)),
        ]
    };
    let rows = vec![
        row(
            "floor: DuckDB's `read_json` into a zstd JSON column",
            bulk.part,
            measured_bulk.peak_bytes,
            Some(bulk.bytes),
        ),
        row("`Warehouse`: staged", staged, measured.peak_bytes, None),
        row("`Warehouse`: staged, sealed and published", plus(staged, sealed), measured.peak_bytes, Some(bytes)),
    ];
    Ok(table(
        "Loading DuckDB",
        &["path", "wall s", "CPU s", "rows/s", "rows/CPU s", "peak MiB", "bytes/row stored"],
        &rows,
        &format!(
            "{} rows with about 1.3 kB of configuration, into a new database. Staging puts the keys of each \
             configuration in order, hashes it and makes it durable; sealing compares with the estate and keeps history, \
             ledger and published copy. The time to make the rows ({} CPU s) is taken off.",
            count(ROWS as f64),
            seconds(made.cpu_seconds)
        ),
    ))
}

fn write_rows(path: &Path) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for resource in pages().flatten() {
        serde_json::to_writer(&mut file, &resource)?;
        file.write_all(b"\n")?;
    }
    Ok(file.flush()?)
}
