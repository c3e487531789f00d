//! The tests of controls and what goes with them, in tables and in labelled paragraphs.

use super::super::facts::{Control, Facts};
use super::{Responses, Setter, Tests};

impl Setter<'_> {
    pub(super) fn tests(&mut self, facts: &Facts, title: &str) {
        self.new_page();
        self.text(title, 16.0, true);
        let by = |criterion: &str| {
            facts.controls.iter().filter(|control| control.criteria[0] == criterion).collect::<Vec<_>>()
        };
        let mut criteria: Vec<&str> = facts.controls.iter().map(|control| control.criteria[0].as_str()).collect();
        criteria.dedup();
        match self.style.tests {
            Tests::Labelled => self.labelled(facts, &criteria, &by),
            Tests::LabelledApart => self.labelled_apart(facts),
            Tests::Repeated => {
                let mut all: Vec<&str> =
                    facts.controls.iter().flat_map(|control| &control.criteria).map(String::as_str).collect();
                all.sort_unstable();
                all.dedup();
                for criterion in all {
                    self.title(&format!("{criterion} – The entity meets the demands of this criterion"));
                    let under =
                        facts.controls.iter().filter(|control| control.criteria.iter().any(|id| id == criterion));
                    let rows: Vec<_> = under
                        .map(|each| {
                            vec![each.reference.clone(), each.text.clone(), each.test.clone(), self.result(each)]
                        })
                        .collect();
                    self.table(
                        &["Control No.", "Control activity", "Tests performed", "Results"],
                        &[1.1, 3.0, 3.0, 2.2],
                        &rows,
                    );
                }
            }
            Tests::ByControl => {
                let rows: Vec<_> = facts
                    .controls
                    .iter()
                    .map(|each| {
                        vec![
                            each.reference.clone(),
                            each.text.clone(),
                            self.criteria(each),
                            each.test.clone(),
                            self.result(each),
                        ]
                    })
                    .collect();
                self.table(
                    &[
                        "Control #",
                        "Control specified by the service organization",
                        "TSC",
                        "Tests performed by the service auditor",
                        "Results of tests",
                    ],
                    &[1.1, 3.0, 1.1, 3.0, 2.2],
                    &rows,
                );
            }
            Tests::ByCriterion => {
                let rows: Vec<_> = facts
                    .controls
                    .iter()
                    .map(|each| {
                        vec![
                            self.criteria(each),
                            each.reference.clone(),
                            each.text.clone(),
                            each.test.clone(),
                            self.result(each),
                        ]
                    })
                    .collect();
                self.table(
                    &["Criteria", "Control", "Control activity", "Test of control", "Result"],
                    &[1.1, 1.1, 3.0, 3.0, 2.2],
                    &rows,
                );
            }
            Tests::Joined => {
                let rows: Vec<_> = facts
                    .controls
                    .iter()
                    .map(|each| {
                        vec![
                            self.criteria(each),
                            format!("{}: {}", each.reference, each.text),
                            each.test.clone(),
                            self.result(each),
                        ]
                    })
                    .collect();
                self.table(
                    &["Trust Services Criteria", "Control Activity", "Tests of Operating Effectiveness", "Results"],
                    &[1.3, 3.0, 3.0, 2.2],
                    &rows,
                );
            }
            Tests::UnderCriteria => {
                for criterion in criteria {
                    self.title(&format!("{criterion} – The entity meets the demands of this criterion"));
                    let rows: Vec<_> = by(criterion)
                        .into_iter()
                        .map(|each| {
                            vec![each.reference.clone(), each.text.clone(), each.test.clone(), self.result(each)]
                        })
                        .collect();
                    self.table(
                        &["Ref", "Description of control", "Testing performed", "Result of testing"],
                        &[1.1, 3.0, 3.0, 2.2],
                        &rows,
                    );
                }
            }
            Tests::GroupRows => {
                let mut rows = Vec::new();
                for criterion in criteria {
                    rows.push(vec![format!("{criterion} The entity demonstrates that it meets the demands of this criterion of the trust services in all of the respects that matter here")]);
                    rows.extend(by(criterion).into_iter().map(|each| {
                        vec![each.reference.clone(), each.text.clone(), each.test.clone(), self.result(each)]
                    }));
                }
                self.table(
                    &["Control No.", "Controls Specified by the Organization", "Tests of Controls", "Test Results"],
                    &[1.1, 3.0, 3.0, 2.2],
                    &rows,
                );
            }
        }
    }

    /// The criteria of a control as its cell names them.
    fn criteria(&self, control: &Control) -> String {
        let spell = |(at, id): (usize, &String)| match (self.style.points_of_focus, at % 2) {
            (false, _) => id.clone(),
            (true, 0) => format!("{id}-POF{}", at + 2),
            (true, _) => format!("{id}.3"),
        };
        control.criteria.iter().enumerate().map(spell).collect::<Vec<_>>().join(", ")
    }

    /// The result of a control's test, and management's answer where it stands with it.
    fn result(&self, control: &Control) -> String {
        match &control.response {
            Some(response) if self.style.responses == Responses::WithResult => {
                format!("{} Management's response: {response}", control.result)
            }
            _ => control.result.clone(),
        }
    }

    fn labelled<'f>(&mut self, facts: &Facts, criteria: &[&str], by: &impl Fn(&str) -> Vec<&'f Control>) {
        for criterion in criteria {
            self.title(&format!("{criterion} – The entity meets the demands of this criterion"));
            for control in by(criterion) {
                let criteria =
                    if control.criteria.len() > 1 { format!(" ({})", self.criteria(control)) } else { String::new() };
                self.paragraph(&format!("Control {}{criteria}: {}", control.reference, control.text));
                if facts.is_type2 {
                    self.paragraph(&format!("Test performed: {}", control.test));
                    self.paragraph(&format!("Result: {}", self.result(control)));
                }
            }
        }
        if facts.is_type2 {
            self.paragraph("The tests above were performed by the service auditor and its staff.");
        }
    }

    fn labelled_apart(&mut self, facts: &Facts) {
        for control in &facts.controls {
            self.text(&format!("Control ID: {}", control.reference), self.style.body, true);
            self.paragraph(&format!("Control description: {}", control.text));
            self.paragraph(&format!("Criteria: {}", self.criteria(control)));
            self.text("Tests of controls performed by the service auditor", self.style.body, true);
            self.paragraph(&control.test);
            self.text("Results of tests", self.style.body, true);
            self.paragraph(&self.result(control));
        }
    }

    pub(super) fn subservice_controls(&mut self, facts: &Facts) {
        if facts.subservice_controls.is_empty() {
            return;
        }
        self.title("Complementary Subservice Organization Controls");
        self.paragraph("The service organization's controls were designed on the assumption that its subservice organization has the following controls in place.");
        let row = |(at, (organization, text, criterion)): (usize, &(&str, &str, &str))| {
            vec![format!("CSOC-{}", at + 1), (*organization).to_owned(), (*text).to_owned(), (*criterion).to_owned()]
        };
        let rows: Vec<Vec<String>> = facts.subservice_controls.iter().enumerate().map(row).collect();
        self.table(
            &["No.", "Subservice organization", "Complementary subservice organization control", "Criteria"],
            &[1.0, 2.0, 4.0, 1.2],
            &rows,
        );
    }

    pub(super) fn responses(&mut self, facts: &Facts) {
        let excepted = || facts.controls.iter().filter(|control| control.exception);
        let answer = |control: &Control| control.response.clone().unwrap_or_default();
        match self.style.responses {
            Responses::WithResult => {}
            Responses::Paragraphs => {
                self.title("Management's Response to Exceptions");
                for control in excepted() {
                    self.paragraph(&format!("Control {}: {}", control.reference, answer(control)));
                }
            }
            Responses::Table => {
                self.title("Management's Response to Exceptions");
                let rows: Vec<Vec<String>> =
                    excepted().map(|control| vec![control.reference.clone(), answer(control)]).collect();
                self.table(&["Control No.", "Management's Response"], &[1.0, 5.0], &rows);
            }
        }
    }
}
