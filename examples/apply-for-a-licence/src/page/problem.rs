//! Pages for when something is not as it should be: what to do, and no cause.

use crate::html::{Page, heading};

/// Something behind the service fails.
pub(crate) fn unavailable() -> String {
    say(
        "Sorry, there is a problem with the service",
        "<p>Try again later.</p>\n<p>We saved the answers of the pages before this one. \
         They are kept for as long as your session lasts.</p>",
    )
}

/// Nobody can say whether a payment was made.
pub(crate) fn payments() -> String {
    say(
        "Sorry, we cannot reach the payment service",
        "<p>If you have paid, you do not have to pay again.</p>\n\
         <p>Your answers are saved for as long as your session lasts.</p>\n\
         <p><a class=\"button\" href=\"/pay/return\">Check again</a></p>",
    )
}

/// The trail takes no entry, so nothing is shown.
pub(crate) fn not_audited() -> String {
    say(
        "Sorry, applications cannot be opened now",
        "<p>Each time that an application is opened, the reason is recorded first. \
         The record cannot be written, so nothing was opened.</p>\n\
         <p>Try again later. If it stays like this, tell the team that runs the service.</p>\n\
         <p><a href=\"/staff\">Go back to the applications</a></p>",
    )
}

/// A request that is no form as this service reads it.
pub(crate) fn unreadable() -> String {
    say(
        "The form could not be read",
        "<p>Go back, and send the form again as it is on the page. A file must be 2MB or smaller.</p>\n\
         <p><a href=\"/\">Go to the start</a></p>",
    )
}

/// A form without the token of its session.
pub(crate) fn forged() -> String {
    say(
        "The form is out of date",
        "<p>Nothing was changed. Open the page again and send the form from there.</p>\n\
         <p><a href=\"/eligibility\">Go on with your application</a></p>",
    )
}

/// The answers were sent in, or are gone, since the page came.
pub(crate) fn too_late() -> String {
    say(
        "The form came too late",
        "<p>Your application was sent from another page, or it is not complete.</p>\n\
         <p><a href=\"/check\">See where your application is</a></p>",
    )
}

/// A session is over.
pub(crate) fn timed_out() -> String {
    say(
        "Your session has ended",
        "<p>You did not use the service for a while. For your security, we deleted your answers.</p>\n\
         <p>An application that you have sent is not affected.</p>\n\
         <p><a class=\"button\" href=\"/\">Start again</a></p>",
    )
}

/// An address that this service does not have.
pub(crate) fn not_found() -> String {
    say(
        "Page not found",
        "<p>If you typed the web address, check it is correct.</p>\n<p><a href=\"/\">Go to the start</a></p>",
    )
}

fn say(title: &str, text: &str) -> String {
    Page::new(title).around(&(heading(title) + text))
}
