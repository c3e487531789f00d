//! The session behind the page: the loaded run, replaced whole when a newer one is asked for.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use carveout_scoping::{Scenario, compare};
use carveout_serve::{Blame, Problem, Session, Topic};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{CliError, Exit, OrFail},
    workspace::Workspace,
};

use super::{
    answers::{self, Asked, AskedGaps, AskedObligations, AskedRepeats, AskedScenarios, AskedText, AskedWhy},
    estate::Estate,
    scenario,
};

/// Single changes that are tried and told.
const CHANGES: usize = 6;

/// One workspace, served.
pub struct ScopingSession {
    workspace: Workspace,
    loaded: RwLock<Arc<Estate>>,
    /// Held while a run is loaded, so that two who ask for it at once load it once.
    loading: Mutex<()>,
}

impl ScopingSession {
    /// Loads the published run.
    pub fn open(workspace: Workspace) -> Result<Self, CliError> {
        let loaded = RwLock::new(Arc::new(Estate::load(&workspace)?));
        Ok(Self { workspace, loaded, loading: Mutex::new(()) })
    }

    /// The loaded run. A thread that panicked left it as it was: it is only ever replaced whole.
    fn estate(&self) -> Arc<Estate> {
        Arc::clone(&self.loaded.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn reload(&self) -> Result<Arc<Estate>, CliError> {
        let _loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.estate();
        if !known.is_outdated(&self.workspace) {
            return Ok(known);
        }
        let estate = Arc::new(Estate::load(&self.workspace)?);
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&estate);
        Ok(estate)
    }

    fn answered(&self, topic: Topic, asked: &[u8]) -> Result<Vec<u8>, CliError> {
        let estate = self.estate();
        let scenario_of = |table: &toml::Table| scenario::read(table, &estate);
        match topic {
            Topic::Estate => json(&answers::estate(&estate)?),
            Topic::Run => json(&answers::run(&estate, estate.is_outdated(&self.workspace))),
            Topic::Reload => json(&answers::estate(self.reload()?.as_ref())?),
            Topic::Size => {
                let scenario = scenario_of(&understood::<Asked>(asked)?.scenario)?;
                json(&answers::size(&estate, estate.sized(&scenario)?.as_ref()))
            }
            Topic::Repeats => {
                let AskedRepeats { scenario, parties } = understood(asked)?;
                json(&answers::repeats(estate.sized(&scenario_of(&scenario)?)?.as_ref(), &parties))
            }
            Topic::Obligations => {
                let AskedObligations { scenario, control, party } = understood(asked)?;
                json(&answers::obligations(estate.sized(&scenario_of(&scenario)?)?.as_ref(), &control, &party))
            }
            Topic::Gaps => {
                let AskedGaps { scenario, kind, party, most } = understood(asked)?;
                let scenario = scenario_of(&scenario)?;
                let gaps = estate.sizer.gaps(&scenario, estate.sized(&scenario)?.as_ref());
                json(&answers::gaps(gaps, kind, party.as_deref(), most))
            }
            Topic::Toggles => {
                let scenario = scenario_of(&understood::<Asked>(asked)?.scenario)?;
                json(&estate.sizer.toggles(&scenario, CHANGES).or_fail(sizing)?)
            }
            Topic::Modes => {
                let scenario = scenario_of(&understood::<Asked>(asked)?.scenario)?;
                json(&estate.sizer.modes(&scenario).or_fail(sizing)?)
            }
            Topic::Compare => {
                let AskedScenarios { scenarios } = understood(asked)?;
                let scenarios: Vec<Scenario> = scenarios.iter().map(scenario_of).collect::<Result<_, _>>()?;
                let sized = scenarios.iter().map(|scenario| estate.sized(scenario).map(|sized| (*sized).clone()));
                json(&answers::comparison(compare(&sized.collect::<Result<Vec<_>, _>>()?)))
            }
            Topic::Why => {
                let AskedWhy { party, most } = understood(asked)?;
                json(&answers::why(&estate, &party, most)?)
            }
            Topic::ReadScenario => {
                let AskedText { name, text } = understood(asked)?;
                json(&scenario::from_file(&name, &text, &estate)?)
            }
            Topic::WriteScenario => {
                let table = understood::<Asked>(asked)?.scenario;
                json(&scenario::to_file(&table, &scenario_of(&table)?)?)
            }
            Topic::Graph => Ok(estate.graph()?.into_bytes()),
        }
    }
}

impl Session for ScopingSession {
    fn answer(&self, topic: Topic, asked: &[u8]) -> Result<Vec<u8>, Problem> {
        self.answered(topic, asked).map_err(|error| {
            let blame = if error.exit() == Exit::Usage { Blame::Asked } else { Blame::Ours };
            if blame == Blame::Ours {
                tracing::warn!(?topic, "{error}");
            }
            Problem { blame, message: error.message(), remedy: error.hint_text().map(ToOwned::to_owned) }
        })
    }
}

fn sizing() -> String {
    "can't size the audit".to_owned()
}

fn understood<T: DeserializeOwned>(asked: &[u8]) -> Result<T, CliError> {
    serde_json::from_slice(asked).or_usage(|| "what was asked is not understood".to_owned())
}

fn json(answer: &impl Serialize) -> Result<Vec<u8>, CliError> {
    serde_json::to_vec(answer).or_fail(|| "can't write the answer".to_owned())
}
