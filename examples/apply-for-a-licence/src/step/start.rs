//! The start page, and the button on it that begins the journey.

use axum::response::{Html, Redirect};
use civic::journey::{Progress, journey_step};

use crate::html::{Page, heading};
use crate::journey::{Apply, ApplyStep};

pub(super) fn page() -> Html<String> {
    let title = "Apply for a licence";
    let text = "<p>Use this service to apply for a licence to trade, to busk or to sell hot food late at night.</p>\n\
        <p>It takes around 12 minutes.</p>\n\
        <h2>Before you start</h2>\n\
        <p>You must be 18 or over. You will need:</p>\n\
        <ul>\n<li>your email address, telephone number and postcode</li>\n\
        <li>a picture or PDF that shows who you are, of 2MB or less</li>\n\
        <li>a card to pay £25</li>\n</ul>\n\
        <form method=\"post\" action=\"/start\" novalidate>\n<button type=\"submit\">Start now</button>\n</form>\n\
        <p>You cannot save your answers and come back another day.</p>";
    Html(Page::new(title).around(&(heading(title) + text)))
}

/// The session was begun around this. It carries no token, since there is no session yet that it could be of.
#[journey_step(ApplyStep::Start)]
pub(super) async fn begin(_: Progress<Apply>) -> Redirect {
    Redirect::to("/eligibility")
}
