//! The floor of a crawl: sends recorded requests over kept connections and reads each answer to its end, no more.

use std::{
    fs,
    io::Write as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use crate::{Result, crawl::IN_FLIGHT, record};

/// Replays the requests of a file against an endpoint and prints how many there were.
pub fn child(file: &str, endpoint: &str) -> Result<()> {
    let requests = Arc::new(record::from_bytes(&fs::read(file)?)?);
    let address = endpoint.trim_start_matches("http://").to_owned();
    let next = Arc::new(AtomicUsize::new(0));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let workers: Vec<_> = (0..IN_FLIGHT)
            .map(|_| tokio::spawn(work(Arc::clone(&requests), address.clone(), Arc::clone(&next))))
            .collect();
        for worker in workers {
            worker.await??;
        }
        Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    })?;
    writeln!(std::io::stdout(), "{}", requests.len())?;
    Ok(())
}

async fn work(requests: Arc<Vec<Vec<u8>>>, address: String, next: Arc<AtomicUsize>) -> Result<()> {
    let mut connection: Option<BufReader<TcpStream>> = None;
    let mut scratch = Vec::new();
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        let mut stream = match connection.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(&address).await?;
                stream.set_nodelay(true)?;
                BufReader::new(stream)
            }
        };
        stream.write_all(request).await?;
        if read_answer(&mut stream, &mut scratch).await? {
            connection = Some(stream);
        }
    }
    Ok(())
}

/// Reads one answer to its end and says whether the connection can be used again.
async fn read_answer(stream: &mut BufReader<TcpStream>, scratch: &mut Vec<u8>) -> Result<bool> {
    let (mut length, mut is_chunked, mut stays_open) = (0, false, true);
    loop {
        scratch.clear();
        if stream.read_until(b'\n', scratch).await? == 0 {
            return Err("the server closed the connection within an answer".into());
        }
        let line = std::str::from_utf8(scratch)?.trim_end();
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse()?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            is_chunked = value.eq_ignore_ascii_case("chunked");
        } else if name.eq_ignore_ascii_case("connection") {
            stays_open = !value.eq_ignore_ascii_case("close");
        }
    }
    if !is_chunked {
        read_exactly(stream, scratch, length).await?;
        return Ok(stays_open);
    }
    loop {
        scratch.clear();
        stream.read_until(b'\n', scratch).await?;
        let size = usize::from_str_radix(std::str::from_utf8(scratch)?.trim_end(), 16)?;
        // The chunk and its line end.
        read_exactly(stream, scratch, size + 2).await?;
        if size == 0 {
            return Ok(stays_open);
        }
    }
}

async fn read_exactly(stream: &mut BufReader<TcpStream>, scratch: &mut Vec<u8>, length: usize) -> Result<()> {
    scratch.resize(length, 0);
    stream.read_exact(scratch).await?;
    Ok(())
}
