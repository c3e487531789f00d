//! A proxy on the loopback that keeps every request as it was sent, to be sent again by the smallest client.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::Result;

type Requests = Arc<Mutex<Vec<Vec<u8>>>>;

/// The running proxy.
pub struct Recorder {
    address: SocketAddr,
    requests: Requests,
    server: JoinHandle<()>,
}

impl Recorder {
    /// Stands before `upstream` (`127.0.0.1:5000`).
    pub async fn start(upstream: String) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let requests = Requests::default();
        let kept = Arc::clone(&requests);
        let server = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (upstream, kept) = (upstream.clone(), Arc::clone(&kept));
                // A connection that breaks is the client's to notice.
                tokio::spawn(async move { pass(client, &upstream, &kept).await });
            }
        });
        Ok(Self { address, requests, server })
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it and returns what it kept, in the order of arrival.
    pub fn finish(self) -> Vec<Vec<u8>> {
        self.server.abort();
        std::mem::take(&mut *self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn pass(client: TcpStream, upstream: &str, kept: &Requests) -> Result<()> {
    client.set_nodelay(true)?;
    let server = TcpStream::connect(upstream).await?;
    server.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::spawn(async move { copy(&mut from_server, &mut to_client).await });
    let mut pending = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = from_client.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        pending.extend_from_slice(&buffer[..read]);
        while let Some(length) = message_length(&pending)? {
            let rest = pending.split_off(length);
            let request = std::mem::replace(&mut pending, rest);
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        }
        to_server.write_all(&buffer[..read]).await?;
    }
}

/// The length of the first request in the bytes, once they hold all of it.
fn message_length(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(head) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..head])?;
    let mut body = 0;
    for (name, value) in text.split("\r\n").skip(1).filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            body = value.trim().parse()?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err("requests in chunks can't be recorded".into());
        }
    }
    let length = head + 4 + body;
    Ok((bytes.len() >= length).then_some(length))
}

/// Writes requests to a file, each after its length.
pub fn to_bytes(requests: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for request in requests {
        bytes.extend_from_slice(&(request.len() as u64).to_le_bytes());
        bytes.extend_from_slice(request);
    }
    bytes
}

/// Reads what [`to_bytes`] wrote.
pub fn from_bytes(mut bytes: &[u8]) -> Result<Vec<Vec<u8>>> {
    let mut requests = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<8>() {
        let length = usize::try_from(u64::from_le_bytes(*length))?;
        let (request, rest) = rest.split_at_checked(length).ok_or("the recording is cut off")?;
        requests.push(request.to_vec());
        bytes = rest;
    }
    Ok(requests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_ends_with_its_body() {
        let request = b"POST / HTTP/1.1\r\nhost: a\r\nContent-Length: 3\r\n\r\nabcGET";
        assert_eq!(message_length(request).expect("it is right"), Some(request.len() - 3));
        assert_eq!(message_length(&request[..request.len() - 4]).expect("it is right"), None);
        assert_eq!(message_length(b"GET / HTTP/1.1\r\n\r").expect("it is right"), None);
    }

    #[test]
    fn requests_come_back_as_they_were_written() {
        let requests = vec![b"one".to_vec(), Vec::new(), b"three".to_vec()];
        assert_eq!(from_bytes(&to_bytes(&requests)).expect("whole"), requests);
    }
}
