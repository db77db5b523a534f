//! An OTLP receiver in a process of its own, which keeps the raw bytes that it is sent.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response, header};
use http_body::Frame;
use opentelemetry_otlp::{LogExporter, Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::logs::BatchLogProcessor;
use tokio::runtime::Runtime;

/// The receiver's process; it ends when this is dropped.
pub(crate) struct Receiver {
    process: Child,
    address: String,
    file: PathBuf,
    _folder: tempfile::TempDir,
    /// What gRPC connections are driven by.
    runtime: Runtime,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("received");
        let mut process = Command::new(std::env::current_exe().unwrap())
            .arg("receive")
            .arg(&file)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.as_mut().unwrap())
            .read_line(&mut address)
            .unwrap();
        Self {
            process,
            address: format!("http://{}", address.trim()),
            file,
            _folder: folder,
            runtime: Runtime::new().unwrap(),
        }
    }

    pub(crate) fn forget(&self) {
        fs::write(&self.file, "").unwrap();
    }

    pub(crate) fn received(&self) -> Vec<u8> {
        fs::read(&self.file).unwrap()
    }

    pub(crate) fn grpc_spans(&self) -> SpanExporter {
        let _entered = self.runtime.enter();
        let builder = SpanExporter::builder().with_tonic();
        builder.with_endpoint(&self.address).build().unwrap()
    }

    pub(crate) fn grpc_logs(&self) -> BatchLogProcessor {
        let _entered = self.runtime.enter();
        let builder = LogExporter::builder().with_tonic();
        let exporter = builder.with_endpoint(&self.address).build().unwrap();
        BatchLogProcessor::builder(exporter).build()
    }

    pub(crate) fn http_spans(&self) -> SpanExporter {
        SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", self.address))
            .build()
            .unwrap()
    }

    pub(crate) fn http_logs(&self) -> BatchLogProcessor {
        let exporter = LogExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/logs", self.address))
            .build()
            .unwrap();
        BatchLogProcessor::builder(exporter).build()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has noticed by then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the receiver's process does: appends every body to the file before it answers.
pub(crate) fn receive(file: &Path) {
    let file = File::options()
        .append(true)
        .create(true)
        .open(file)
        .unwrap();
    let file = Arc::new(Mutex::new(file));
    let answer = move |headers: HeaderMap, body: Bytes| async move {
        file.lock().unwrap().write_all(&body).unwrap();
        accepted(&headers)
    };
    Runtime::new().unwrap().block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        axum::serve(listener, Router::new().fallback(answer))
            .await
            .unwrap();
    });
}

fn accepted(headers: &HeaderMap) -> Response<Body> {
    let grpc = HeaderValue::from_static("application/grpc");
    match headers.get(header::CONTENT_TYPE) {
        Some(kind) if kind == grpc => Response::builder()
            .header(header::CONTENT_TYPE, grpc)
            .body(Body::new(Accepted { frames: 0 }))
            .unwrap(),
        kind => Response::builder()
            .header(header::CONTENT_TYPE, kind.unwrap())
            .body(Body::empty())
            .unwrap(),
    }
}

/// An empty gRPC message, then the status that says it is well.
struct Accepted {
    frames: u8,
}

impl http_body::Body for Accepted {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.frames += 1;
        Poll::Ready(match self.frames {
            1 => Some(Ok(Frame::data(Bytes::from_static(&[0; 5])))),
            2 => {
                let mut trailers = HeaderMap::new();
                trailers.insert("grpc-status", HeaderValue::from_static("0"));
                Some(Ok(Frame::trailers(trailers)))
            }
            _ => None,
        })
    }
}
