//! A connection for a thread of its own: made when it is needed, given up when it fails or does not answer.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Row, Socket, Statement};

/// How long the server may take for one answer unless told.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A parameter of a statement.
pub(super) type Parameter<'a> = &'a (dyn ToSql + Sync);

/// Number of a statement in the list that a session was made with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number(pub(super) usize);

pub(super) struct Session<T> {
    config: Config,
    tls: T,
    runtime: Runtime,
    statements: &'static [(&'static str, &'static [Type])],
    timeout: Duration,
    open: Option<Open>,
}

struct Open {
    client: Client,
    statements: Vec<Statement>,
}

/// Why the server gave no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// It did not answer in time.
    Late,
    /// It, or the way to it, failed.
    Postgres(tokio_postgres::Error),
}

impl<T> Session<T>
where
    T: MakeTlsConnect<Socket> + Clone + Send + 'static,
    T::Stream: Send + 'static,
{
    pub(super) fn new(
        config: Config,
        tls: T,
        statements: &'static [(&'static str, &'static [Type])],
    ) -> std::io::Result<Self> {
        Ok(Session {
            config,
            tls,
            // Its tasks run while this thread waits for an answer, and at no other time.
            runtime: Builder::new_current_thread().enable_all().build()?,
            statements,
            timeout: TIMEOUT,
            open: None,
        })
    }

    pub(super) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Whether the next statement needs a new connection.
    pub(super) fn is_closed(&self) -> bool {
        self.open
            .as_ref()
            .is_none_or(|open| open.client.is_closed())
    }

    /// Runs a statement that returns rows.
    pub(super) fn query(
        &mut self,
        number: Number,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, Failure> {
        self.ask(number, async |client, statement| {
            client.query(statement, parameters).await
        })
    }

    /// Runs a statement that changes rows, and gives how many.
    pub(super) fn execute(
        &mut self,
        number: Number,
        parameters: &[Parameter<'_>],
    ) -> Result<u64, Failure> {
        self.ask(number, async |client, statement| {
            client.execute(statement, parameters).await
        })
    }

    /// Runs a statement in time, over a new connection where there is none.
    fn ask<A>(
        &mut self,
        number: Number,
        work: impl AsyncFnOnce(&Client, &Statement) -> Result<A, tokio_postgres::Error>,
    ) -> Result<A, Failure> {
        self.connect()?;
        let answer = match &self.open {
            Some(Open { client, statements }) => self
                .runtime
                .block_on(in_time(self.timeout, work(client, &statements[number.0]))),
            None => Err(Failure::Late),
        };
        // After an error of the server the connection is good; after silence, nobody knows.
        if matches!(&answer, Err(failure) if !failure.is_answer()) {
            self.open = None;
        }
        answer
    }

    fn connect(&mut self) -> Result<(), Failure> {
        if !self.is_closed() {
            return Ok(());
        }
        let Session {
            config,
            tls,
            statements,
            ..
        } = self;
        let opening = async {
            let (client, connection) = config.connect(tls.clone()).await?;
            // Ends by itself when the client is dropped.
            tokio::spawn(connection);
            client
                .batch_execute(
                    "SELECT set_config('synchronous_commit', 'on', false) \
                     WHERE current_setting('synchronous_commit') = 'off'",
                )
                .await?;
            let mut prepared = Vec::with_capacity(statements.len());
            for (text, types) in *statements {
                prepared.push(client.prepare_typed(text, types).await?);
            }
            Ok(Open {
                client,
                statements: prepared,
            })
        };
        self.open = Some(self.runtime.block_on(in_time(self.timeout, opening))?);
        Ok(())
    }
}

async fn in_time<A>(
    timeout: Duration,
    work: impl Future<Output = Result<A, tokio_postgres::Error>>,
) -> Result<A, Failure> {
    match tokio::time::timeout(timeout, work).await {
        Ok(answer) => answer.map_err(Failure::Postgres),
        Err(_) => Err(Failure::Late),
    }
}

impl Failure {
    /// Whether the server itself said no to a statement.
    fn is_answer(&self) -> bool {
        matches!(self, Failure::Postgres(error) if error.as_db_error().is_some() && !error.is_closed())
    }

    /// Whether the server will say no to the same values again: they are out of range, too long, or break a constraint.
    pub(super) fn is_about_values(&self) -> bool {
        let Failure::Postgres(error) = self else {
            return false;
        };
        let class = |code: &str| ["22", "23", "54"].contains(&&code[..2.min(code.len())]);
        error.code().is_some_and(|state| class(state.code()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Late => f.write_str("the database did not answer in time"),
            // The words of the server may quote a row; its code does not.
            Failure::Postgres(error) => match error.code() {
                Some(state) => write!(f, "the database failed with SQLSTATE {}", state.code()),
                None => f.write_str("the connection to the database failed"),
            },
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Failure::Postgres(error) if error.as_db_error().is_none() => Some(error),
            _ => None,
        }
    }
}

impl<T> fmt::Debug for Session<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The configuration has a password.
        f.write_str("Session")
    }
}
