//! Who owns a control at a party, and why: from rows of the user, what providers publish of their services, the layers
//! it touches and the service models that are really in use.

use std::collections::BTreeSet;

use carveout_model::{Control, Criterion, Layer, Owner, ServiceModel};

use crate::basis::Basis;
use crate::catalogue::{ControlSet, OwnerRule};
use crate::facts::PartyFacts;

/// What we use of a party under one service model: the unit for which ownership is looked up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Usage {
    pub model: ServiceModel,
    /// The service, where a row of the user or of the service table names it; all others of the model together.
    pub service: Option<String>,
}

/// A party as the responsibility table sees it. Parties that no row tells apart share one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Profile {
    /// The party, where a row names it.
    pub party_id: Option<String>,
    /// Never empty.
    pub usages: Vec<Usage>,
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

/// Looks ownership up for one party.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ownership<'a> {
    pub set: &'a ControlSet,
    /// The party, where a row names it.
    pub party_id: Option<&'a str>,
}

impl<'a> Ownership<'a> {
    pub fn of(set: &'a ControlSet, profile: &'a Profile) -> Self {
        Self { set, party_id: profile.party_id.as_deref() }
    }

    /// The owner over everything that is used: shared as soon as each side owns a part.
    pub fn over(self, control: &Control, criterion: &Criterion, usages: &[Usage]) -> Owner {
        let owners: BTreeSet<Owner> =
            usages.iter().map(|usage| self.of_control(control, criterion, usage, &mut Vec::new())).collect();
        combine(&owners).expect("a party is used in one way at least")
    }

    /// The owner of a control on a criterion under one usage; `basis` takes the reasons.
    pub fn of_control(self, control: &Control, criterion: &Criterion, usage: &Usage, basis: &mut Vec<Basis>) -> Owner {
        let rule = self.rule(usage, |rule| {
            rule.layer.is_none()
                && rule.control_id.as_ref().is_none_or(|id| *id == control.control_id)
                && rule.names_criterion(criterion)
        });
        if let Some(rule) = rule
            && (rule.control_id.is_some() || rule.criterion.is_some() || !never_moves(&criterion.series))
        {
            basis.push(Basis::rule(rule));
            return rule.owner;
        }
        if never_moves(&criterion.series) {
            basis.push(Basis::NeverMoves { series: criterion.series.clone() });
            return Owner::Customer;
        }
        let by_layer = control.layers.iter().map(|layer| self.of_layer(*layer, Some(criterion), usage, basis));
        let owners: BTreeSet<Owner> = by_layer.collect();
        combine(&owners).unwrap_or_else(|| self.of_criterion(criterion, usage, basis))
    }

    /// The owner of a layer under one usage: a row of the user that names the layer, what the provider publishes of the
    /// service, or the default cell of the service model.
    pub fn of_layer(self, layer: Layer, criterion: Option<&Criterion>, usage: &Usage, basis: &mut Vec<Basis>) -> Owner {
        let rule = self.rule(usage, |rule| {
            rule.layer == Some(layer)
                && rule.control_id.is_none()
                && criterion.map_or(rule.criterion.is_none(), |criterion| rule.names_criterion(criterion))
        });
        if let Some(rule) = rule {
            basis.push(Basis::rule(rule));
            return rule.owner;
        }
        if let Some(rule) = self.service_rule(usage, Some(layer), criterion) {
            basis.push(Basis::service(rule));
            return rule.owner;
        }
        let mut rows = self.set.layer_owners.iter();
        let row = rows.find(|row| row.service_model == usage.model && row.layer == layer);
        let row = row.expect("a set without an owner for each model and layer is refused");
        basis.push(Basis::LayerDefault {
            service_model: usage.model,
            layer,
            owner: row.owner,
            source: row.source.clone(),
        });
        row.owner
    }

    /// The service's or the criterion's own row, for what names no layer.
    fn of_criterion(self, criterion: &Criterion, usage: &Usage, basis: &mut Vec<Basis>) -> Owner {
        if let Some(rule) = self.service_rule(usage, None, Some(criterion)) {
            basis.push(Basis::service(rule));
            return rule.owner;
        }
        let key = (usage.model, criterion.criterion_id.clone());
        let row = self.set.criterion_owners.get(&key);
        let (owner, source) = row.expect("a set without an owner for each model and criterion is refused");
        basis.push(Basis::CriterionDefault {
            service_model: usage.model,
            criterion_id: criterion.criterion_id.clone(),
            owner: *owner,
            source: source.clone(),
        });
        *owner
    }

    /// The row of the service table for a layer, a criterion or both: the one that names most; of several that name as
    /// much, the last. A row that names no layer is about every layer but ours.
    fn service_rule(self, usage: &Usage, layer: Option<Layer>, criterion: Option<&Criterion>) -> Option<&'a OwnerRule> {
        let rules = self.set.service_rules.get(self.party_id?)?.get(usage.service.as_deref()?)?;
        let is_about = |rule: &&OwnerRule| {
            let is_layer = match rule.layer {
                Some(named) => layer == Some(named),
                None => layer != Some(Layer::Entity),
            };
            let is_criterion = match criterion {
                Some(criterion) => rule.names_criterion(criterion),
                None => rule.criterion.is_none(),
            };
            is_layer && is_criterion
        };
        rules.iter().filter(is_about).max_by_key(|rule| rule.keys())
    }

    /// The row that names most; of several that name as much, the last.
    fn rule(self, usage: &Usage, fits: impl Fn(&OwnerRule) -> bool) -> Option<&'a OwnerRule> {
        let is_about = |rule: &&OwnerRule| {
            rule.party_id.as_deref().is_none_or(|id| Some(id) == self.party_id)
                && rule.service.as_ref().is_none_or(|service| Some(service) == usage.service.as_ref())
                && rule.service_model.is_none_or(|model| model == usage.model)
                && fits(rule)
        };
        self.set.owner_rules.iter().filter(is_about).max_by_key(|rule| rule.keys())
    }
}

/// One owner out of several: the same where they agree, shared where they do not; parts that do not apply drop out.
pub(crate) fn combine(owners: &BTreeSet<Owner>) -> Option<Owner> {
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
