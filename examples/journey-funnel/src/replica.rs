//! One process of the service.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use civic_core::{FakeClock, KeyRing};
use civic_journey::store::{AtomicStore, ProgressStore, TokenStore};
use civic_journey::{Progress, ProgressLayer, Submission, journey_step};
use civic_metrics::{Exposition, Format};

use crate::journey::{APPLY, Apply, ApplyOutcome, ApplyStep};
use crate::store::{Bits, Client, Kind, SharedBits};

/// Header with a citizen's session, as a session layer would find it in a cookie.
pub const SESSION: &str = "x-session";

/// Header with the time by the crowd's clock, in seconds since 1970: a day passes in no time.
pub const NOW: &str = "x-now";

/// A running replica; ended when it is dropped.
pub struct Replica {
    child: Child,
    address: SocketAddr,
}

impl Replica {
    /// Starts this program again as a replica.
    pub fn start(kind: Kind, shared: &SharedBits) -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["replica", kind.name(), &shared.address().to_string()])
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("a replica has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        Ok(Self {
            child,
            address: line.trim().parse()?,
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until it is ended.
pub fn run(arguments: &mut dyn Iterator<Item = String>) -> Result<ExitCode, Box<dyn Error>> {
    let kind = arguments.next().and_then(|name| Kind::from_name(&name));
    let kind = kind.ok_or("a replica is `atomic` or `token`")?;
    let shared = arguments
        .next()
        .ok_or("a replica needs the address of the store")?
        .parse()?;
    let client = Arc::new(Client::connect(shared)?);
    // The same on both replicas; a service takes it from its secrets.
    let keys = KeyRing::new("k1", vec![7; 32])?;
    let clock = FakeClock::new();
    let routes = match kind {
        Kind::Atomic => {
            let bits = Bits(Arc::clone(&client));
            let session = |request: civic_journey::store::Incoming<'_>| {
                Some(request.headers.get(SESSION)?.as_bytes().to_vec())
            };
            routes(AtomicStore::new(bits, &keys, session), client, clock)
        }
        Kind::Token => routes(TokenStore::new(&keys), client, clock),
    };
    let exposition = Arc::new(Exposition::new().with(&APPLY)?);
    let metrics = move || async move {
        let format = Format::Prometheus;
        (
            [("content-type", format.content_type())],
            exposition.render(format),
        )
    };
    let app = routes.route("/metrics", get(metrics));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        println!("{}", listener.local_addr()?);
        axum::serve(listener, app).await
    })?;
    Ok(ExitCode::SUCCESS)
}

fn routes<P: ProgressStore<Apply>>(store: P, client: Arc<Client>, clock: FakeClock) -> Router {
    let layer = ProgressLayer::with_clock(&APPLY, store, Arc::new(clock.clone()));
    Router::new()
        .route("/start", get(start))
        .route("/eligibility", get(eligibility))
        .route("/details", get(details))
        .route("/upload", get(upload))
        .route("/pay", get(pay))
        .route("/check", get(check))
        .route("/confirmation", get(confirmation))
        .route("/not-eligible", get(not_eligible))
        .with_state(client)
        .layer(layer)
        // Outside the layer, so that it reads the crowd's time.
        .layer(middleware::from_fn_with_state(clock, tell_the_time))
}

#[journey_step(ApplyStep::Start)]
async fn start(_: Progress<Apply>) -> &'static str {
    "Apply for a licence"
}

#[journey_step(ApplyStep::Eligibility)]
async fn eligibility(_: Progress<Apply>) -> &'static str {
    "Can you apply?"
}

#[journey_step(ApplyStep::Details)]
async fn details(_: Progress<Apply>) -> &'static str {
    "Your details"
}

#[journey_step(ApplyStep::Upload)]
async fn upload(_: Progress<Apply>) -> &'static str {
    "Upload a photo"
}

#[journey_step(ApplyStep::Pay)]
async fn pay(_: Progress<Apply>) -> &'static str {
    "Pay"
}

#[journey_step(ApplyStep::Check)]
async fn check(_: Progress<Apply>) -> &'static str {
    "Check your answers"
}

/// Writes the application under a key that admits each citizen once, and says which it was.
#[journey_step(ApplyStep::Confirmation)]
async fn confirmation(
    State(client): State<Arc<Client>>,
    headers: HeaderMap,
    mut progress: Progress<Apply>,
) -> Result<&'static str, String> {
    let citizen = headers
        .get(SESSION)
        .and_then(|citizen| citizen.to_str().ok());
    let citizen = citizen.ok_or("no session")?;
    let submission = if client.apply(citizen).map_err(|error| error.to_string())? {
        Submission::Created
    } else {
        Submission::AlreadyExists
    };
    progress.complete(ApplyOutcome::Submitted, submission);
    Ok("Application submitted")
}

async fn not_eligible(mut progress: Progress<Apply>) -> &'static str {
    progress.complete(ApplyOutcome::NotEligible, Submission::NotRecorded);
    "You cannot apply"
}

async fn tell_the_time(State(clock): State<FakeClock>, request: Request, next: Next) -> Response {
    let now = request
        .headers()
        .get(NOW)
        .and_then(|now| now.to_str().ok()?.parse().ok());
    if let Some(seconds) = now {
        clock.set(UNIX_EPOCH + Duration::from_secs(seconds));
    }
    next.run(request).await
}
