//! The fee, paid at a provider whose word about it is asked for and not taken from the browser.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use civic::journey::{ErrorKind, Progress, journey_step};
use tracing::info;

use crate::app::App;
use crate::failure::{PaymentError, ServiceError};
use crate::form::{Nothing, Posted};
use crate::html::{Page, form, heading};
use crate::journey::{Apply, ApplyStep};
use crate::payments::State as PaymentState;
use crate::session::Session;
use crate::{order, secret};

#[journey_step(ApplyStep::Pay)]
pub(super) async fn show(session: Session, _: Progress<Apply>) -> Html<String> {
    page(&session, "")
}

/// Begins a payment and leads to the provider's page. Sent twice, it is the same payment.
pub(super) async fn begin(
    State(app): State<App>,
    session: Session,
    mut progress: Progress<Apply>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, ServiceError> {
    if session.draft().payment.paid {
        return Ok(onward(&session));
    }
    // Kept before the provider hears of it, so that a lost answer leads to no second payment.
    let key = app
        .store
        .payment_key(session.id(), secret::random())
        .await?;
    let back = format!("{}/pay/return", app.origin);
    let begun = app.payments.begin(&key, &back).await;
    let begun = begun.map_err(|error| failed(&mut progress, error))?;
    app.store
        .payment_begun(session.id(), key, begun.id.clone())
        .await?;
    if begun.state == PaymentState::Open {
        return Ok(Redirect::to(&begun.page).into_response());
    }
    settle(&app, &session, begun.id, begun.state).await
}

/// Where the provider leads back to. That somebody comes here says nothing of a payment.
pub(super) async fn come_back(
    State(app): State<App>,
    session: Session,
    mut progress: Progress<Apply>,
) -> Result<Response, ServiceError> {
    let payment = &session.draft().payment;
    if payment.paid {
        return Ok(onward(&session));
    }
    let (Some(key), Some(id)) = (&payment.key, &payment.id) else {
        return Ok(Redirect::to("/pay").into_response());
    };
    let state = app.payments.look_up(id, key).await;
    let state = state.map_err(|error| failed(&mut progress, error))?;
    settle(&app, &session, id.clone(), state).await
}

async fn settle(
    app: &App,
    session: &Session,
    id: String,
    state: PaymentState,
) -> Result<Response, ServiceError> {
    if state == PaymentState::Open {
        return Ok(Redirect::to("/pay").into_response());
    }
    let paid = state == PaymentState::Paid;
    info!(paid, "payment ended");
    app.store.payment_ended(session.id(), id, paid).await?;
    if paid {
        return Ok(onward(session));
    }
    let text = "<div class=\"notice\" role=\"status\"><p>Your payment was declined. No money has been taken.</p>\n\
        <p>You can try again, with another card if you have one.</p></div>\n";
    Ok(page(session, text).into_response())
}

fn onward(session: &Session) -> Response {
    Redirect::to(order::after(order::Page::Pay, session.draft())).into_response()
}

fn failed(progress: &mut Progress<Apply>, error: PaymentError) -> ServiceError {
    progress.error(ApplyStep::Pay, ErrorKind::Dependency);
    error.into()
}

fn page(session: &Session, before: &str) -> Html<String> {
    let title = "Pay the application fee";
    let page = Page::new(title).back("/upload").session(session);
    let main = if session.draft().payment.paid {
        heading(title)
            + "<p>You have paid £25.</p>\n<p><a class=\"button\" href=\"/check\">Continue</a></p>"
    } else {
        let inside = "<button type=\"submit\">Continue to payment</button>";
        heading(title)
            + before
            + "<p>The fee is £25. You pay it on the page of our payment provider, which brings you back here.</p>\n"
            + &form(session, "/pay", inside)
    };
    Html(page.around(&main))
}
