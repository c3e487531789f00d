//! Wall time, processor time and peak memory of a process, from `/proc`.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::Result;

/// No single process of the benchmark needs longer.
const ENDS_WITHIN: Duration = Duration::from_secs(90);
/// Between two looks at a process's memory.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// `CLK_TCK`, the unit of times in `/proc/*/stat`: 100 a second on every Linux that Rust runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a process took.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// From its start to its end, in seconds.
    pub wall_seconds: f64,
    /// User and system time of all its threads, in seconds, to a hundredth.
    pub cpu_seconds: f64,
    /// The most memory that was resident at once, in bytes.
    pub peak_bytes: u64,
    /// What it printed.
    pub stdout: String,
}

/// Runs a process to its end. `may_end_with` are the statuses that are no failure.
pub fn run(command: &mut Command, may_end_with: &[i32]) -> Result<Measured> {
    let output = tempfile(command)?;
    let before = children_seconds()?;
    let started = Instant::now();
    let mut child = command.stdin(Stdio::null()).spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let mut peak_bytes = 0;
    let status = loop {
        peak_bytes = peak_bytes.max(resident_peak(&child));
        match child.try_wait()? {
            Some(status) => break status,
            None if started.elapsed() > ENDS_WITHIN => {
                child.kill()?;
                child.wait()?;
                return Err(format!("{command:?} has not ended after {ENDS_WITHIN:?}").into());
            }
            None => thread::sleep(LOOK_EVERY),
        }
    };
    let wall_seconds = started.elapsed().as_secs_f64();
    let cpu_seconds = children_seconds()? - before;
    // For whoever waits; standard error may be gone.
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let arguments: Vec<_> = command.get_args().take(2).map(|argument| argument.to_string_lossy()).collect();
    let said: String = arguments.join(" ").chars().take(60).collect();
    let _ = writeln!(io::stderr(), "{wall_seconds:6.2} s  {program} {}", said.replace('\n', " "));
    let stdout = fs::read_to_string(&output)?;
    fs::remove_file(&output)?;
    if !status.code().is_some_and(|code| may_end_with.contains(&code)) {
        return Err(format!("{command:?} ended with {status}").into());
    }
    Ok(Measured { wall_seconds, cpu_seconds, peak_bytes, stdout })
}

/// The run with the middle wall time of several.
pub fn median_of(times: usize, mut run: impl FnMut() -> Result<Measured>) -> Result<Measured> {
    let mut runs = (0..times).map(|_| run()).collect::<Result<Vec<_>>>()?;
    runs.sort_by(|a, b| a.wall_seconds.total_cmp(&b.wall_seconds));
    Ok(runs.swap_remove(runs.len() / 2))
}

/// User and system time of this process so far, in seconds.
pub fn own_seconds() -> Result<f64> {
    Ok((stat(13)? + stat(14)?) / TICKS_PER_SECOND)
}

/// User and system time of all children that have ended, in seconds.
fn children_seconds() -> Result<f64> {
    Ok((stat(15)? + stat(16)?) / TICKS_PER_SECOND)
}

/// A field of `/proc/self/stat`; the first is 0 here and 1 in proc(5).
fn stat(field: usize) -> Result<f64> {
    let text = fs::read_to_string("/proc/self/stat").map_err(|_| "the benchmarks need Linux's /proc")?;
    // The name in parentheses may hold spaces; the field after it is the third.
    let after_name = text.rsplit_once(") ").ok_or("/proc/self/stat is odd")?.1;
    Ok(after_name.split(' ').nth(field - 2).ok_or("/proc/self/stat is short")?.parse()?)
}

/// The greatest resident size so far; 0 when the process has just ended.
fn resident_peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok());
    kilobytes.unwrap_or(0_u64) * 1024
}

/// Sends what a process prints to a file: a pipe that fills up would stop it.
fn tempfile(command: &mut Command) -> Result<std::path::PathBuf> {
    let path = std::env::temp_dir().join(format!("carveout-bench-{}.out", std::process::id()));
    command.stdout(fs::File::create(&path)?);
    Ok(path)
}
