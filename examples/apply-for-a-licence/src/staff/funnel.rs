//! How the journey goes: a plot, and the same as a table.
//!
//! The figures are those of this process since it started, and pass through what may be published: below 10 nothing is shown,
//! the rest is rounded to 5, and no hidden figure follows from the others. Over replicas and restarts, ask your monitoring.

use std::fmt::Write as _;
use std::time::SystemTime;

use axum::response::Html;
use civic::journey::publish::{Figure, Period, Publication, Tally};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _, civil::Weekday};

use crate::html::{Page, heading};
use crate::journey::{APPLY, Apply};
use crate::session::Session;

/// Length of the longest bar, and the height of a row, in units of the drawing.
const LONGEST: u64 = 400;
const ROW: u64 = 32;

pub(super) async fn show(session: Session) -> Html<String> {
    let title = "How the journey goes";
    let main = match publication(&Tally::of(&APPLY.counts())) {
        Some(publication) => heading(title) + &body(&publication),
        None => {
            heading(title) + "<p>The clock of this machine is wrong, so nothing can be said.</p>"
        }
    };
    Html(
        Page::new(title)
            .back("/staff")
            .session(&session)
            .around(&main),
    )
}

/// Of this week. For staff it is shown before the week is over, with the rules of one that is; do not publish it before.
fn publication(tally: &Tally) -> Option<Publication> {
    let today = Timestamp::try_from(SystemTime::now()).ok()?;
    let today = Offset::UTC.to_datetime(today).date();
    let since = today.weekday().since(Weekday::Monday);
    let monday = today.checked_sub(since.days()).ok()?;
    let part = |number: i8| u8::try_from(number).ok();
    let (year, month, day) = (
        u16::try_from(monday.year()).ok()?,
        part(monday.month())?,
        part(monday.day())?,
    );
    let week = Period::week(year, month, day).ok()?;
    Publication::new::<Apply>(week, tally, week.end()).ok()
}

fn body(publication: &Publication) -> String {
    format!(
        "<p>Counted by this process since it started, in the week from {}. Figures below 10, and those from which they would \
         follow, are shown as ~. The others are rounded to 5.</p>\n\
         <p>Completion rate: <strong>{}</strong> of <strong>{}</strong> applications begun.</p>\n\
         <h2>Applications that reached each step</h2>\n{}{}<h2>How applications ended</h2>\n{}",
        publication.period().first_day(),
        publication.completion_rate(),
        publication.starts(),
        plot(
            "reached",
            "Applications that reached each step",
            publication.steps()
        ),
        table("Step", "Reached", publication.steps(), true),
        plot("ended", "How applications ended", publication.outcomes())
            + &table("End", "Applications", publication.outcomes(), false),
    )
}

/// Bars, one below the other. What they say stands in the table that follows, so a screen reader is told their title only.
fn plot(id: &str, title: &str, figures: &[(&'static str, Figure)]) -> String {
    let most = figures.iter().map(|(_, figure)| value(*figure)).max();
    let most = most.unwrap_or(0).max(1);
    let height = ROW * figures.len() as u64;
    let mut bars = String::new();
    for (at, (name, figure)) in figures.iter().enumerate() {
        let y = ROW * at as u64;
        let width = value(*figure) * LONGEST / most;
        let (line, end) = (y + 20, 140 + width + 8);
        let _ = writeln!(
            bars,
            "<text class=\"name\" x=\"0\" y=\"{line}\">{name}</text>\
             <rect class=\"bar\" x=\"140\" y=\"{}\" width=\"{width}\" height=\"{}\"/>\
             <text x=\"{end}\" y=\"{line}\">{figure}</text>",
            y + 4,
            ROW - 8
        );
    }
    format!(
        "<svg class=\"plot\" viewBox=\"0 0 600 {height}\" role=\"img\" aria-labelledby=\"{id}-title\">\n\
         <title id=\"{id}-title\">{title}, as bars. The table that follows has the figures.</title>\n{bars}</svg>\n"
    )
}

fn table(name: &str, what: &str, figures: &[(&'static str, Figure)], in_order: bool) -> String {
    let mut rows = String::new();
    let mut before = None;
    for (label, figure) in figures {
        let lost = match (before, *figure) {
            (Some(Figure::Shown(before)), Figure::Shown(now)) if before > 0 => {
                let lost = before.saturating_sub(now);
                format!("{}%", (lost * 100 + before / 2) / before)
            }
            (None, _) => String::new(),
            _ => "~".to_owned(),
        };
        before = Some(*figure);
        let lost = if in_order {
            format!("<td class=\"number\">{lost}</td>")
        } else {
            String::new()
        };
        let _ = writeln!(
            rows,
            "<tr><th scope=\"row\">{label}</th><td class=\"number\">{figure}</td>{lost}</tr>"
        );
    }
    let lost = if in_order {
        "<th scope=\"col\" class=\"number\">Lost since the step before</th>"
    } else {
        ""
    };
    format!(
        "<table>\n<caption class=\"hidden\">{what} by {}</caption>\n\
         <thead><tr><th scope=\"col\">{name}</th><th scope=\"col\" class=\"number\">{what}</th>{lost}</tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n",
        name.to_lowercase()
    )
}

/// Length of a bar; a hidden figure has none.
fn value(figure: Figure) -> u64 {
    match figure {
        Figure::Shown(count) => count,
        Figure::Hidden => 0,
    }
}

#[cfg(test)]
mod tests {
    use civic::journey::Label as _;

    use super::*;
    use crate::journey::{ApplyOutcome, ApplyStep};

    #[test]
    fn plot_and_table_show_the_same_and_nothing_small() {
        let tally = Tally::from_figures::<Apply>(
            203,
            |step| 203 - 31 * step.index() as u64,
            |outcome| match outcome {
                ApplyOutcome::Submitted => 17,
                ApplyOutcome::NotEligible => 7,
            },
        );
        let page = body(&publication(&tally).unwrap());
        assert_eq!(ApplyStep::ALL.len(), 7);
        for figure in [205, 170, 140, 110, 80, 50, 15] {
            assert!(
                page.contains(&format!(">{figure}</text>")),
                "{figure} in {page}"
            );
            assert!(
                page.contains(&format!(">{figure}</td>")),
                "{figure} in {page}"
            );
        }
        assert!(page.contains("<td class=\"number\">~</td>"));
        for small in [">7<", ">17<", ">203<"] {
            assert!(!page.contains(small), "{small} in {page}");
        }
    }
}
