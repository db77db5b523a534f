//! The goals in `goals.toml`, and the rows that are held against them.

use serde::{Deserialize, Serialize};

/// What a row has to reach.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Name of the row.
    pub name: String,
    /// What the figure counts.
    pub unit: String,
    /// Least figure that holds.
    pub at_least: Option<f64>,
    /// Greatest figure that holds.
    pub at_most: Option<f64>,
    /// The one figure that holds.
    pub equals: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    goal: Vec<Goal>,
}

/// A measured figure beside its goal.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Name, such as `scan/corpus-vs-multi-regex`.
    pub name: String,
    /// What the figure counts.
    pub unit: String,
    /// The figure; `None` where the row was not run.
    pub value: Option<f64>,
    /// Smallest figure of the rounds.
    pub min: Option<f64>,
    /// Greatest figure of the rounds.
    pub max: Option<f64>,
    /// The goal in words, such as `>= 2.4`; `None` for a row that is for information.
    pub goal: Option<String>,
    /// Whether the goal holds; `None` without a goal or a figure.
    pub holds: Option<bool>,
}

/// All goals.
///
/// # Panics
/// When the file that was compiled in is not as it should be.
pub fn all() -> Vec<Goal> {
    toml::from_str::<File>(include_str!("../goals.toml"))
        .expect("goals.toml is part of this package and its tests read it")
        .goal
}

impl Row {
    /// A row held against the goal of the same name, if there is one.
    pub fn new(name: &str, unit: &str, value: f64, min: f64, max: f64) -> Self {
        let goal = all().into_iter().find(|goal| goal.name == name);
        Self {
            name: name.to_owned(),
            unit: goal.as_ref().map_or(unit, |goal| &goal.unit).to_owned(),
            value: Some(value),
            min: Some(min),
            max: Some(max),
            holds: goal.as_ref().map(|goal| goal.holds(value)),
            goal: goal.map(|goal| goal.words()),
        }
    }

    /// A row with one figure only.
    pub fn single(name: &str, unit: &str, value: f64) -> Self {
        Self::new(name, unit, value, value, value)
    }

    /// A row that was not run.
    pub fn not_run(name: &str, unit: &str) -> Self {
        Self {
            value: None,
            min: None,
            max: None,
            holds: None,
            ..Self::new(name, unit, 0.0, 0.0, 0.0)
        }
    }

    /// One line for people.
    pub fn line(&self) -> String {
        let Some(value) = self.value else {
            return format!("{:<44} not run", self.name);
        };
        let verdict = match self.holds {
            Some(true) => "holds",
            Some(false) => "MISSED",
            None => "",
        };
        let spread = match (self.min, self.max) {
            (Some(min), Some(max)) if min < max => format!("[{min:.3} .. {max:.3}]"),
            _ => String::new(),
        };
        format!(
            "{:<44} {value:>9.3} {spread:<20} {:<17} {:<8} {verdict}",
            self.name,
            self.unit,
            self.goal.as_deref().unwrap_or("")
        )
        .trim_end()
        .to_owned()
    }
}

impl Goal {
    fn holds(&self, value: f64) -> bool {
        self.at_least.is_none_or(|least| value >= least)
            && self.at_most.is_none_or(|most| value <= most)
            && self.equals.is_none_or(|one| (value - one).abs() < 1e-9)
    }

    fn words(&self) -> String {
        match (self.at_least, self.at_most, self.equals) {
            (Some(least), _, _) => format!(">= {least}"),
            (None, Some(most), _) => format!("<= {most}"),
            (None, None, Some(one)) => format!("= {one}"),
            (None, None, None) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_goal_has_one_bound_and_a_name_of_its_own() {
        let goals = all();
        let mut names: Vec<&str> = goals.iter().map(|goal| goal.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), goals.len());
        for goal in &goals {
            let bounds = [goal.at_least, goal.at_most, goal.equals];
            assert_eq!(bounds.iter().flatten().count(), 1, "{goal:?}");
        }
    }

    #[test]
    fn a_row_says_whether_its_goal_holds() {
        let row = Row::single("scan/kinds-10-to-35", "", 1.5);
        assert_eq!(
            (row.holds, row.goal.as_deref()),
            (Some(false), Some("<= 1.4"))
        );
        assert_eq!(Row::single("no such goal", "", 1.5).holds, None);
        assert_eq!(Row::not_run("scan/corpus-vs-datadog", "").holds, None);
    }
}
