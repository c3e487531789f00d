//! What people see while a crawl runs: one moving line on a terminal, a plain line now and then elsewhere.

use std::{
    io::{self, IsTerminal},
    sync::Mutex,
    time::{Duration, Instant},
};

use carveout_crawl::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often a line is written where nothing can move.
const PLAIN_INTERVAL: Duration = Duration::from_secs(10);

/// Shows the progress of a crawl on standard error.
pub struct Display {
    bar: Option<ProgressBar>,
    /// When the last plain line was written; none on a terminal or when quiet.
    plain: Option<Mutex<Instant>>,
}

impl Display {
    /// A display for standard error as it is.
    pub fn new(quiet: bool) -> Self {
        if quiet {
            return Self { bar: None, plain: None };
        }
        if !io::stderr().is_terminal() {
            return Self { bar: None, plain: Some(Mutex::new(Instant::now())) };
        }
        let style = ProgressStyle::with_template("{spinner} crawling {pos}/{len} {bar:24} {wide_msg}");
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10));
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar: Some(bar), plain: None }
    }

    /// Takes the state of the crawl.
    pub fn update(&self, progress: &Progress) {
        let message = format!(
            "{} resources, {} requests ({} repeated)  {}",
            progress.resources, progress.requests, progress.retries, progress.current
        );
        if let Some(bar) = &self.bar {
            bar.set_length(progress.planned);
            bar.set_position(progress.finished);
            bar.set_message(message);
        } else if let Some(last) = &self.plain
            && let Ok(mut last) = last.lock()
            && last.elapsed() >= PLAIN_INTERVAL
        {
            *last = Instant::now();
            tracing::info!(planned = progress.planned, finished = progress.finished, "crawling: {message}");
        }
    }

    /// Clears the line.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
