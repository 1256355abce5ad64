//! One connection to the gateway that stays open.

use super::request::{Answer, Request};
use anyhow::Result;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// The connection, opened when it is first needed and after it broke.
pub(crate) struct Connection {
    address: SocketAddr,
    host: String,
    open: Option<SendRequest<Full<Bytes>>>,
}

impl Connection {
    /// One to this address, not open yet.
    pub(crate) fn to(address: SocketAddr) -> Self {
        Self {
            address,
            host: address.to_string(),
            open: None,
        }
    }

    /// Closes it.
    pub(crate) fn forget(&mut self) {
        self.open = None;
    }

    /// Sends a request. When it fails the connection is gone and the next request opens another.
    pub(crate) async fn send(&mut self, request: &Request) -> Result<Answer> {
        let mut sender = match self.open.take().filter(|sender| !sender.is_closed()) {
            Some(sender) => sender,
            None => connect(self.address).await?,
        };
        sender.ready().await?;
        let response = sender.send_request(request.http(&self.host)?).await?;
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers
            .map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        let body = response.into_body().collect().await?.to_bytes();
        self.open = Some(sender);
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    // Ends with the connection.
    tokio::spawn(connection);
    Ok(sender)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::extract::ConnectInfo;
    use axum::routing::get;

    #[tokio::test]
    async fn requests_share_a_connection_until_it_is_forgotten() {
        let seen = |ConnectInfo(from): ConnectInfo<SocketAddr>| async move { from.port().to_string() };
        let routes = Router::new().route("/", get(seen));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let mut connection = Connection::to(address);
        let request = Request::get("/");
        let first = connection.send(&request).await.unwrap().body;
        assert_eq!(connection.send(&request).await.unwrap().body, first);
        connection.forget();
        assert_ne!(connection.send(&request).await.unwrap().body, first);
    }
}
