//! The byte stream below hyper. It knows what hyper does not tell: whether a head that is too large is one endless target
//! (RFC 9110 §15.5.15) or has too many headers (RFC 6585 §5). And at the end it lets a client that is still sending read its
//! answer: a reset would take that away (RFC 9112 §9.6).

use std::future::Future;
use std::io::{Error, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use crate::budget::Place;

/// The maximum header section in bytes: an authorization request by GET has its parameters there.
pub(crate) const MAX_HEADER_BYTES: u32 = 32 * 1024;
/// How many unread bytes an HTTP/2 connection may receive (the initial window size of RFC 9113 §6.9.2).
pub(crate) const HTTP2_WINDOW: u32 = 65_535;
/// What a connection of HTTP/2 costs beyond one of HTTP/1.1: its frames and tables.
const HTTP2_BYTES: usize = 32 * 1024;
/// How long, and how many bytes, a client may still send after the last answer.
const LINGER_TIMEOUT: Duration = Duration::from_secs(1);
const MAX_LINGERING_BYTES: usize = 1024 * 1024;

/// The status line that hyper writes, and the one that replaces it: both have the same length.
const HEAD_TOO_LARGE: &[u8] = b"HTTP/1.1 431 Request Header Fields Too Large\r\n";
const TARGET_TOO_LONG: &[u8] = b"HTTP/1.1 414 Request Target Is Much Too Long\r\n";

/// How a connection of HTTP/2 begins (RFC 9113 §3.4).
const HTTP2: &[u8] = b"PRI * HTTP/2.0";

/// A stream of one connection.
pub(crate) struct Wire<S> {
    stream: S,
    place: Arc<Place>,
    /// Whether anything was received, and whether that was the beginning of HTTP/2.
    begun: bool,
    is_http2: bool,
    /// Whether a line has ended since the last answer.
    line_ended: bool,
    /// Set when nothing more is written.
    lingering: Option<Pin<Box<Sleep>>>,
    dropped: usize,
}

impl<S> Wire<S> {
    pub(crate) const fn new(stream: S, place: Arc<Place>) -> Self {
        Self { stream, place, begun: false, is_http2: false, line_ended: false, lingering: None, dropped: 0 }
    }

    /// Enters what was received in the budget. hyper closes a connection whose stream fails.
    fn enter(&mut self, received: &[u8]) -> Result<()> {
        let refused = |_| Error::other("the memory for requests is in use");
        if !self.begun && received.starts_with(HTTP2) {
            self.place.keeps(HTTP2_BYTES).map_err(refused)?;
            self.is_http2 = true;
        }
        self.begun = true;
        // hyper reads up to as much again before it looks at the size of a head.
        let most = MAX_HEADER_BYTES + if self.is_http2 { HTTP2_WINDOW } else { MAX_HEADER_BYTES };
        self.place.receives(received.len(), most as usize).map_err(refused)
    }

    /// The answer in place of this one.
    fn corrected(&self, answer: &[u8]) -> Option<Vec<u8>> {
        let rest = answer.strip_prefix(HEAD_TOO_LARGE).filter(|_| !self.line_ended)?;
        Some([TARGET_TOO_LONG, rest].concat())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        if self.place.is_shed() {
            // The connection is closed in a moment.
            return Poll::Pending;
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        self.enter(&buf.filled()[before..])?;
        if !self.line_ended {
            self.line_ended = buf.filled()[before..].contains(&b'\n');
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        let corrected = self.corrected(buf);
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, corrected.as_deref().unwrap_or(buf)))?;
        self.line_ended = false;
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        if let Some(first) = bufs.first().filter(|first| first.starts_with(HEAD_TOO_LARGE)) {
            return self.poll_write(cx, first);
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(cx, bufs))?;
        self.line_ended = false;
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let this = &mut *self;
        if this.lingering.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
        }
        // With HTTP/2 an answer does not end the connection, and what a client may send without an answer is bounded.
        if this.is_http2 || this.place.is_shed() {
            return Poll::Ready(Ok(()));
        }
        let until = this.lingering.get_or_insert_with(|| Box::pin(tokio::time::sleep(LINGER_TIMEOUT)));
        if until.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Ok(()));
        }
        let mut space = [0; 4096];
        while this.dropped < MAX_LINGERING_BYTES {
            let mut buf = ReadBuf::new(&mut space);
            let read = ready!(Pin::new(&mut this.stream).poll_read(cx, &mut buf));
            match (read, buf.filled().len()) {
                (Ok(()), 1..) => this.dropped += buf.filled().len(),
                // The peer has closed or reset the connection.
                (Ok(()), 0) | (Err(_), _) => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_answers_are_of_one_length() {
        assert_eq!(HEAD_TOO_LARGE.len(), TARGET_TOO_LONG.len());
    }
}
