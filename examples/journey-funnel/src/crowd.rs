//! A seeded crowd of citizens, and what is true of them.

use std::io;
use std::net::SocketAddr;

use civic_journey::Label;

use crate::funnel::Funnel;
use crate::journey::ApplyStep;
use crate::replica::{NOW, SESSION};
use crate::wire;

/// Of a thousand views, how many are refreshed or reached again by the back button.
const AGAIN: u64 = 120;
/// Of a thousand responses, how many do not arrive; the citizen tries again.
const LOST: u64 = 5;
/// Of a thousand submissions, how many are sent twice.
const TWICE: u64 = 20;
/// Of a thousand citizens at a step, how many give up there.
const GIVE_UP: u64 = 45;
/// Of a thousand citizens at a step, how many go on the next day.
const NEXT_DAY: u64 = 15;
/// Of a thousand citizens, how many may not apply.
const NOT_ELIGIBLE: u64 = 60;

const DAY: u64 = 86_400;

/// Sends citizens through the service, and keeps what is true of them.
pub struct Crowd {
    random: Random,
    replicas: [SocketAddr; 2],
    now: u64,
    citizens: u64,
    requests: u64,
    truth: Funnel,
}

/// A browser.
struct Citizen {
    session: String,
    cookie: Option<String>,
    now: u64,
}

impl Crowd {
    pub fn new(seed: u64, replicas: [SocketAddr; 2]) -> Self {
        Self {
            random: Random(seed.wrapping_mul(2).wrapping_add(1)),
            replicas,
            now: 1_767_268_800,
            citizens: 0,
            requests: 0,
            truth: Funnel::default(),
        }
    }

    pub fn truth(&self) -> &Funnel {
        &self.truth
    }

    /// Requests that were answered, lost or not.
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// One citizen, from the first page to an end or to where they give up.
    pub fn citizen(&mut self) -> io::Result<()> {
        self.citizens += 1;
        self.now += self.random.below(60);
        let mut citizen = Citizen {
            session: format!("citizen-{}", self.citizens),
            cookie: None,
            now: self.now,
        };
        // Some come by a link to a later page.
        let first = if self.random.happens(30) { 2 } else { 0 };
        self.truth.starts += 1;
        for (at, step) in ApplyStep::ALL.iter().enumerate().skip(first) {
            self.truth.steps[at] += 1;
            if *step == ApplyStep::Confirmation {
                self.truth.submitted += 1;
                self.visit(&mut citizen, "confirmation")?;
                if self.random.happens(TWICE) {
                    self.visit(&mut citizen, "confirmation")?;
                }
                return Ok(());
            }
            self.visit(&mut citizen, step.name())?;
            if *step == ApplyStep::Eligibility && self.random.happens(NOT_ELIGIBLE) {
                self.truth.not_eligible += 1;
                return self.visit(&mut citizen, "not-eligible");
            }
            if self.random.happens(GIVE_UP) {
                return Ok(());
            }
            if self.random.happens(NEXT_DAY) {
                citizen.now += DAY;
            }
            if at > first && self.random.happens(AGAIN) {
                // The back button, and on again.
                self.visit(&mut citizen, ApplyStep::ALL[at - 1].name())?;
                self.visit(&mut citizen, step.name())?;
            }
        }
        Ok(())
    }

    /// A page until its answer arrives, and now and then again.
    fn visit(&mut self, citizen: &mut Citizen, page: &str) -> io::Result<()> {
        citizen.now += 20 + self.random.below(120);
        while self.random.happens(LOST) {
            self.send(citizen, page, false)?;
        }
        self.send(citizen, page, true)?;
        if self.random.happens(AGAIN) {
            self.send(citizen, page, true)?;
        }
        Ok(())
    }

    fn send(&mut self, citizen: &mut Citizen, page: &str, arrives: bool) -> io::Result<()> {
        let replica = self.replicas[self.random.below(2) as usize];
        let mut headers = vec![
            (SESSION, citizen.session.clone()),
            (NOW, citizen.now.to_string()),
        ];
        headers.extend(
            citizen
                .cookie
                .iter()
                .map(|cookie| ("cookie", cookie.clone())),
        );
        let answer = wire::get(replica, &format!("/{page}"), &headers)?;
        if answer.status != 200 {
            return Err(io::Error::other(format!(
                "/{page} answers with {}",
                answer.status
            )));
        }
        self.requests += 1;
        let cookie = answer
            .head
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "));
        if let Some(cookie) = cookie.filter(|_| arrives) {
            let pair = cookie.split(';').next().unwrap_or_default();
            citizen.cookie = Some(pair.to_owned());
        }
        Ok(())
    }
}

/// Numbers that are the same for the same seed: xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    fn happens(&mut self, in_a_thousand: u64) -> bool {
        self.below(1000) < in_a_thousand
    }
}
