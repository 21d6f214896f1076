//! A reverse proxy that cleans the pages that it forwards, as they come. It says on standard output where it listens.
//!
//! ```sh
//! cargo run --release -p dechaff-examples --features net --example proxy -- http://127.0.0.1:8000 127.0.0.1:8080
//! ```

use std::error::Error;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, Version, header};
use axum::response::Response;
use axum::serve::ListenerExt;
use dechaff::{CleanLayer, Cleaner};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use tokio::net::TcpListener;

/// What concerns one connection, and not what is behind it (RFC 9110, 7.6.1).
const HOP_BY_HOP: [HeaderName; 6] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Where pages come from.
#[derive(Clone)]
struct Origin {
    client: Client,
    address: Url,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("name what to forward to")?.parse()?;
    let listen = arguments.next().unwrap_or_else(|| "127.0.0.1:0".to_owned());

    // Redirections are for the client to follow.
    let client = Client::builder().redirect(Policy::none()).build()?;
    let proxy =
        Router::new().fallback(forward).with_state(Origin { client, address }).layer(CleanLayer::new(Cleaner::new()));
    let listener = TcpListener::bind(listen).await?;
    println!("{}", listener.local_addr()?);
    // A page goes out in pieces: without this each one waits until the client has acknowledged the one before (RFC 896), which it
    // may put off for 40 ms.
    let listener = listener.tap_io(|connection| {
        connection.set_nodelay(true).ok();
    });
    axum::serve(listener, proxy).await?;
    Ok(())
}

async fn forward(State(origin): State<Origin>, request: Request) -> Result<Response, (StatusCode, String)> {
    let (mut parts, body) = request.into_parts();
    let mut url = origin.address;
    url.set_path(parts.uri.path());
    url.set_query(parts.uri.query());
    forget(&mut parts.headers);
    // Pages are asked for as they are and as a whole: what is compressed, or a part, is not cleaned.
    for name in [header::HOST, header::ACCEPT_ENCODING, header::RANGE] {
        parts.headers.remove(name);
    }

    let mut request = origin.client.request(parts.method, url).headers(parts.headers);
    if !body.is_end_stream() {
        request = request.body(reqwest::Body::wrap_stream(body.into_data_stream()));
    }
    let response = request.send().await.map_err(|error| (StatusCode::BAD_GATEWAY, error.to_string()))?;
    let mut response = axum::http::Response::<reqwest::Body>::from(response);
    forget(response.headers_mut());
    // That of the origin is for its own connection: with HTTP/1.0, clients would not be kept.
    *response.version_mut() = Version::HTTP_11;
    Ok(response.map(Body::new))
}

fn forget(headers: &mut HeaderMap) {
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}
