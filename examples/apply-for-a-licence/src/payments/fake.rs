//! A payment provider that takes no money: to try the service with, and to see what it does when a provider is slow, down or lies.

use std::collections::HashMap;
use std::env;
use std::io::{self, Read as _};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::wire::{Asked, State as PaymentState, Told};

/// How it behaves: `MODE` at its start, and `POST /mode/..` from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Honest,
    /// Longer than anybody waits.
    Slow,
    /// Answers every question with 503.
    Down,
    /// Says of every payment that it was paid, though of another amount.
    Lying,
}

impl Mode {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "honest" => Self::Honest,
            "slow" => Self::Slow,
            "down" => Self::Down,
            "lying" => Self::Lying,
            _ => return None,
        })
    }
}

/// How long a slow one takes.
const SLOW: Duration = Duration::from_secs(10);

type Shared = Arc<Mutex<Fake>>;

struct Fake {
    origin: String,
    mode: Mode,
    /// By id, with where the person comes back to.
    payments: HashMap<String, (Told, String)>,
}

/// Serves on `PORT` until its input ends, after a first line that says where.
///
/// # Errors
/// When the setting cannot be read, or the port is taken.
pub(crate) async fn run() -> io::Result<()> {
    let wrong = |text: &'static str| io::Error::new(io::ErrorKind::InvalidInput, text);
    let port = env::var("PORT").map_or(Ok(9000), |port| port.parse::<u16>());
    let port = port.map_err(|_| wrong("PORT is not a number from 0 to 65535"))?;
    let mode = env::var("MODE").map_or(Some(Mode::Honest), |mode| Mode::from_name(&mode));
    let mode = mode.ok_or_else(|| wrong("MODE is not honest, slow, down or lying"))?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    println!("{origin}");
    let fake = Fake {
        origin,
        mode,
        payments: HashMap::new(),
    };
    // Whoever started it holds the other end, and is gone when this ends.
    thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let routes = Router::new()
        .route("/payments", post(begin))
        .route("/payments/{id}", get(look_up))
        .route("/card/{id}", get(card))
        .route("/card/{id}/{answer}", post(decide))
        .route("/mode/{mode}", post(set_mode))
        .route("/healthcheck", get(healthcheck))
        .with_state(Arc::new(Mutex::new(fake)));
    axum::serve(listener, routes).await
}

async fn begin(State(fake): State<Shared>, body: Bytes) -> Result<Response, StatusCode> {
    let mode = behave(&fake).await?;
    let asked: Asked = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let mut fake = lock(&fake);
    let known = fake
        .payments
        .values()
        .find(|(told, _)| told.key == asked.key);
    if let Some((told, _)) = known {
        return tell(told, mode);
    }
    let id = format!(
        "{}{}",
        fake.payments.len() + 1,
        &asked.key[..asked.key.len().min(8)]
    );
    let told = Told {
        page: format!("{}/card/{id}", fake.origin),
        id: id.clone(),
        key: asked.key,
        amount: asked.amount,
        state: PaymentState::Open,
    };
    let answer = tell(&told, mode);
    fake.payments.insert(id, (told, asked.back));
    answer
}

async fn look_up(
    State(fake): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, StatusCode> {
    let mode = behave(&fake).await?;
    let fake = lock(&fake);
    let (told, _) = fake.payments.get(&id).ok_or(StatusCode::NOT_FOUND)?;
    tell(told, mode)
}

/// Where a person would type the number of a card.
async fn card(
    State(fake): State<Shared>,
    Path(id): Path<String>,
) -> Result<Html<String>, StatusCode> {
    let fake = lock(&fake);
    let (told, _) = fake.payments.get(&id).ok_or(StatusCode::NOT_FOUND)?;
    let pounds = told.amount / 100;
    Ok(Html(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Fake payment provider</title>\n</head>\n<body>\n<main>\n<h1>Fake payment provider</h1>\n\
         <p>This takes no money and asks for no card. You would pay £{pounds} here.</p>\n\
         <form method=\"post\" action=\"/card/{id}/pay\" novalidate><button type=\"submit\">Pay £{pounds}</button></form>\n\
         <form method=\"post\" action=\"/card/{id}/decline\" novalidate><button type=\"submit\">Decline the card</button></form>\n\
         </main>\n</body>\n</html>\n"
    )))
}

async fn decide(
    State(fake): State<Shared>,
    Path((id, answer)): Path<(String, String)>,
) -> Result<Redirect, StatusCode> {
    let mut fake = lock(&fake);
    let (told, back) = fake.payments.get_mut(&id).ok_or(StatusCode::NOT_FOUND)?;
    // What was decided stays.
    if told.state == PaymentState::Open {
        told.state = match answer.as_str() {
            "pay" => PaymentState::Paid,
            "decline" => PaymentState::Declined,
            _ => return Err(StatusCode::NOT_FOUND),
        };
    }
    Ok(Redirect::to(back))
}

async fn set_mode(State(fake): State<Shared>, Path(mode): Path<String>) -> StatusCode {
    let Some(mode) = Mode::from_name(&mode) else {
        return StatusCode::NOT_FOUND;
    };
    lock(&fake).mode = mode;
    StatusCode::NO_CONTENT
}

async fn healthcheck(State(fake): State<Shared>) -> Result<&'static str, StatusCode> {
    behave(&fake).await?;
    Ok("ok")
}

async fn behave(fake: &Shared) -> Result<Mode, StatusCode> {
    let mode = lock(fake).mode;
    match mode {
        Mode::Slow => sleep(SLOW).await,
        Mode::Down => return Err(StatusCode::SERVICE_UNAVAILABLE),
        Mode::Honest | Mode::Lying => {}
    }
    Ok(mode)
}

fn tell(told: &Told, mode: Mode) -> Result<Response, StatusCode> {
    let mut told = told.clone();
    if mode == Mode::Lying {
        told.state = PaymentState::Paid;
        told.amount = 1;
    }
    let text = serde_json::to_vec(&told).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}

fn lock(fake: &Shared) -> MutexGuard<'_, Fake> {
    fake.lock().unwrap_or_else(PoisonError::into_inner)
}
