//! The pages in their order, and that nobody comes to one before those ahead of it are answered.

use axum::http::Method;

use crate::application::Draft;
use crate::session::Session;

/// A page that is answered, by its place in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    Eligibility,
    Details,
    Upload,
    Pay,
}

const PAGES: [&str; 5] = ["/eligibility", "/details", "/upload", "/pay", "/check"];

/// Where a citizen goes after this page: to the next one that is not answered, which may be the last after a change.
pub(crate) fn after(page: Page, draft: &Draft) -> &'static str {
    let mut answered = answered(draft);
    answered[page as usize] = true;
    PAGES[first_open(answered)]
}

/// Where this request has to go instead, if it came too early or too late.
pub(crate) fn elsewhere(method: &Method, path: &str, session: &Session) -> Option<&'static str> {
    if path == "/extend" {
        return None;
    }
    if session.reference().is_some() {
        let sent_again = path == "/check" && *method == Method::POST;
        return (path != "/confirmation" && !sent_again).then_some("/confirmation");
    }
    let open = first_open(answered(session.draft()));
    let page = match path {
        "/confirmation" => PAGES.len(),
        "/not-eligible" => {
            let refused = session.draft().adult == Some(false);
            return (!refused).then_some(PAGES[0]);
        }
        // What stands under a page comes with it.
        _ => PAGES.iter().position(|page| {
            path.strip_prefix(page)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })?,
    };
    (page > open).then_some(PAGES[open])
}

fn answered(draft: &Draft) -> [bool; 4] {
    [
        draft.adult == Some(true),
        draft.details.is_some(),
        draft.document.is_some(),
        draft.payment.paid,
    ]
}

fn first_open(answered: [bool; 4]) -> usize {
    answered
        .iter()
        .position(|answered| !answered)
        .unwrap_or(answered.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::{Details, DocumentKind, Payment};

    #[test]
    fn the_next_page_is_the_first_that_is_open() {
        let mut draft = Draft::default();
        assert_eq!(after(Page::Eligibility, &draft), "/details");
        draft.adult = Some(true);
        assert_eq!(after(Page::Details, &draft), "/upload");
        draft.details = Some(Details::example());
        draft.document = Some(DocumentKind::Pdf);
        // Back to an earlier page and forward again: not through what is answered.
        assert_eq!(after(Page::Details, &draft), "/pay");
        draft.payment = Payment {
            paid: true,
            ..Payment::default()
        };
        assert_eq!(after(Page::Upload, &draft), "/check");
    }
}
