//! What the person goes away with.

use axum::response::Html;
use civic::journey::{Progress, journey_step};

use crate::html::{Page, escape};
use crate::journey::{Apply, ApplyStep};
use crate::session::Session;

#[journey_step(ApplyStep::Confirmation)]
pub(super) async fn show(session: Session, _: Progress<Apply>) -> Html<String> {
    // Nobody comes here without one.
    let reference = escape(session.reference().unwrap_or_default());
    let main = format!(
        "<div class=\"panel\">\n<h1>Application received</h1>\n\
         <p>Your reference number<br><strong>{reference}</strong></p>\n</div>\n\
         <h2>What happens next</h2>\n<p>We decide within 20 working days, and write to your email address.</p>\n\
         <p>Make a note of your reference number.</p>\n\
         <p><a href=\"/\">Apply for another licence</a></p>"
    );
    Html(
        Page::new("Application received")
            .session(&session)
            .around(&main),
    )
}
