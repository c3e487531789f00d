//! Who owns a control at a party: from the layers it touches and the service models that are really in use.

use std::collections::BTreeSet;

use carveout_model::{Control, Owner, ServiceModel};

use crate::catalogue::ControlSet;
use crate::facts::PartyFacts;

/// The service models in use at a party, with the resources behind each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Models {
    /// Resources by [`ServiceModel::ALL`]; a vendor outside the clouds counts once.
    pub weights: [u64; 3],
}

impl Models {
    pub(crate) fn only(model: ServiceModel) -> Self {
        let mut weights = [0; 3];
        weights[model as usize] = 1;
        Self { weights }
    }

    /// A bit for each model in use.
    pub(crate) fn mask(self) -> u32 {
        self.weights.iter().enumerate().filter(|(_, weight)| **weight > 0).map(|(at, _)| 1 << at).sum()
    }
}

/// The model in which we use a party that is no cloud: as the party says, or by the directory's kind.
pub(crate) fn model_of(facts: &PartyFacts) -> ServiceModel {
    facts.party.service_model.unwrap_or(match facts.party.category.as_deref() {
        Some("iaas") => ServiceModel::Iaas,
        Some("paas") => ServiceModel::Paas,
        _ => ServiceModel::Saas,
    })
}

/// Governance and vendor management: these never move to a provider, whatever the layers say.
pub(crate) fn never_moves(series: &str) -> bool {
    matches!(series, "CC1" | "CC2" | "CC3" | "CC4" | "CC5" | "CC9")
}

/// The owner under one service model: what the layers say together, or the criterion's own row without layers.
pub(crate) fn owner_in_model(set: &ControlSet, control: &Control, criterion_id: &str, model: ServiceModel) -> Owner {
    let by_layer = control.layers.iter().filter_map(|layer| {
        set.layer_owners.iter().find(|row| row.service_model == model && row.layer == *layer).map(|row| row.owner)
    });
    let owners: BTreeSet<Owner> = by_layer.collect();
    combine(&owners)
        .or_else(|| set.criterion_owners.get(&(model, criterion_id.to_owned())).copied())
        .unwrap_or(Owner::Customer)
}

/// The owner over all models in use (a mask over [`ServiceModel::ALL`]): shared as soon as each side owns a part.
pub(crate) fn owner_over_models(
    set: &ControlSet,
    control: &Control,
    criterion_id: &str,
    series: &str,
    mask: u32,
) -> Owner {
    let owners: BTreeSet<Owner> = ServiceModel::ALL
        .iter()
        .filter(|model| mask & (1 << **model as u32) != 0)
        .map(|model| owner_in_model(set, control, criterion_id, *model))
        .collect();
    let owner = combine(&owners).unwrap_or(Owner::Customer);
    if never_moves(series) && owner != Owner::Customer { Owner::Customer } else { owner }
}

/// One owner out of several: the same where they agree, shared where they do not; parts that do not apply drop out.
fn combine(owners: &BTreeSet<Owner>) -> Option<Owner> {
    let mut real = owners.iter().copied().filter(|owner| *owner != Owner::NotApplicable);
    let Some(first) = real.next() else { return owners.first().copied() };
    let rest: Vec<Owner> = real.collect();
    if rest.is_empty() {
        return Some(first);
    }
    let with_third = |owner: &Owner| matches!(owner, Owner::OutsourcedToThirdParty | Owner::SharedWithThirdParty);
    let third = with_third(&first) || rest.iter().any(with_third);
    Some(if third { Owner::SharedWithThirdParty } else { Owner::Shared })
}
