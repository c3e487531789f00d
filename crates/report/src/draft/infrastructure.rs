//! The infrastructure of the system: what is in use, where, and what could not be seen.

use std::collections::{BTreeMap, BTreeSet};

use carveout_model::{Provider, ScopeKind, ServiceModel};

use crate::{
    document::{Field, Section, SectionDraft, Table, number, text},
    draft::{as_of, counted, joined, provider_name, words},
    facts::{AuditFacts, ScopeUse, ServiceUse},
};

pub(super) fn draft(facts: &AuditFacts) -> SectionDraft {
    SectionDraft {
        section: Section::Infrastructure,
        as_of: as_of(facts, "What is there is unknown and not in these counts."),
        paragraphs: vec![narrative(facts)],
        timeline: None,
        tables: vec![providers(facts), scopes(facts), services(facts), unseen(facts)],
    }
}

/// The paragraph of the system description.
fn narrative(facts: &AuditFacts) -> String {
    let clouds: Vec<String> = used_providers(facts)
        .into_iter()
        .map(|provider| {
            let scopes: BTreeSet<&str> = of(facts, provider).map(|each| each.scope_id.as_str()).collect();
            let (one, many) = match provider {
                Provider::Aws => ("account", "accounts"),
                Provider::Azure => ("subscription", "subscriptions"),
                Provider::Gcp => ("project", "projects"),
            };
            format!("{} ({})", provider_name(provider), counted(scopes.len(), one, many))
        })
        .collect();
    if clouds.is_empty() {
        return "No resource of a cloud is known.".to_owned();
    }
    let resources: i64 = facts.services.iter().map(|each| each.resources).sum();
    let regions: BTreeSet<&str> = facts
        .services
        .iter()
        .flat_map(|each| &each.regions)
        .map(String::as_str)
        .filter(|each| *each != "global")
        .collect();
    format!(
        "{} runs its system on {}. The inventory holds {resources} resources of {} in {}.",
        facts.organization,
        clouds.join(", "),
        counted(distinct_services(facts.services.iter()), "service", "services"),
        counted(regions.len(), "region", "regions"),
    )
}

fn used_providers(facts: &AuditFacts) -> BTreeSet<Provider> {
    facts.services.iter().map(|each| each.provider).collect()
}

fn of(facts: &AuditFacts, provider: Provider) -> impl Iterator<Item = &ServiceUse> {
    facts.services.iter().filter(move |each| each.provider == provider)
}

fn distinct_services<'a>(uses: impl Iterator<Item = &'a ServiceUse>) -> usize {
    uses.map(|each| (each.provider, each.service.as_str())).collect::<BTreeSet<_>>().len()
}

fn providers(facts: &AuditFacts) -> Table {
    let columns = vec![
        text("Provider", 16),
        number("Scopes in use"),
        number("Services"),
        number("Resources"),
        number("IaaS"),
        number("PaaS"),
        number("SaaS"),
        number("Units not read"),
        text("Regions", 60),
    ];
    let rows = Provider::ALL.iter().copied().filter(|provider| {
        of(facts, *provider).next().is_some() || facts.gaps.iter().any(|gap| gap.provider == *provider)
    });
    Table::new("Use by provider", "Providers", columns)
        .rows(rows.map(|provider| {
            let model = |model: ServiceModel| -> i64 {
                of(facts, provider).filter(|each| each.service_model == model).map(|each| each.resources).sum()
            };
            let scopes: BTreeSet<&str> = of(facts, provider).map(|each| each.scope_id.as_str()).collect();
            vec![
                provider_name(provider).into(),
                scopes.len().into(),
                distinct_services(of(facts, provider)).into(),
                of(facts, provider).map(|each| each.resources).sum::<i64>().into(),
                model(ServiceModel::Iaas).into(),
                model(ServiceModel::Paas).into(),
                model(ServiceModel::Saas).into(),
                facts.gaps.iter().filter(|gap| gap.provider == provider).count().into(),
                joined(of(facts, provider).flat_map(|each| &each.regions), ", ").into(),
            ]
        }))
        .when_empty("No resource of a cloud is known.")
}

fn scopes(facts: &AuditFacts) -> Table {
    let columns = vec![
        text("Provider", 14),
        text("Scope", 42),
        text("Name", 28),
        text("Kind", 14),
        text("State", 12),
        number("Resources"),
        text("Could be read", 24),
    ];
    let holds = |scope: &&ScopeUse| {
        scope.resources > 0 || matches!(scope.kind, ScopeKind::Account | ScopeKind::Subscription | ScopeKind::Project)
    };
    let row = |scope: &ScopeUse| {
        let gaps = facts.gaps.iter().filter(|gap| gap.provider == scope.provider);
        let gaps: Vec<_> = gaps.filter(|gap| gap.scope_id == scope.scope_id || gap.scope_id == "*").collect();
        let is_closed = gaps.iter().any(|gap| gap.region == "*" && gap.type_name == "*");
        let read = match (gaps.len(), is_closed) {
            (0, _) => "yes".to_owned(),
            (_, true) => "no".to_owned(),
            (many, false) => format!("except {}", counted(many, "unit", "units")),
        };
        // Nothing was counted where nothing could be read.
        let resources = if is_closed && scope.resources == 0 { Field::Absent } else { scope.resources.into() };
        vec![
            provider_name(scope.provider).into(),
            (&scope.scope_id).into(),
            scope.name.as_deref().into(),
            words(scope.kind.as_str()).into(),
            scope.status.as_str().into(),
            resources,
            read.into(),
        ]
    };
    Table::new("Accounts, subscriptions and projects", "Scopes", columns)
        .rows(facts.scopes.iter().filter(holds).map(row))
        .when_empty("No account, subscription or project is known.")
}

fn services(facts: &AuditFacts) -> Table {
    let columns = vec![
        text("Provider", 14),
        text("Scope", 42),
        text("Name", 28),
        text("Service", 32),
        text("Model", 10),
        number("Resources"),
        text("Regions", 50),
    ];
    let names: BTreeMap<(Provider, &str), Option<&str>> =
        facts.scopes.iter().map(|each| ((each.provider, each.scope_id.as_str()), each.name.as_deref())).collect();
    Table::new("Services in use", "Services", columns)
        .rows(facts.services.iter().map(|each| {
            vec![
                provider_name(each.provider).into(),
                (&each.scope_id).into(),
                names.get(&(each.provider, each.scope_id.as_str())).copied().flatten().into(),
                (&each.service).into(),
                each.service_model.as_str().into(),
                each.resources.into(),
                joined(&each.regions, ", ").into(),
            ]
        }))
        .when_empty("No resource of a cloud is known.")
}

fn unseen(facts: &AuditFacts) -> Table {
    let columns = vec![
        text("Provider", 14),
        text("Scope", 42),
        text("Region", 16),
        text("Type", 36),
        text("Outcome", 12),
        text("Error", 22),
        text("What failed", 80),
        number("Run"),
    ];
    Table::new("What could not be seen", "Not seen", columns)
        .rows(facts.gaps.iter().map(|gap| {
            let all = |text: &str| if text == "*" { "all".to_owned() } else { text.to_owned() };
            vec![
                provider_name(gap.provider).into(),
                all(&gap.scope_id).into(),
                all(&gap.region).into(),
                all(&gap.type_name).into(),
                gap.status.as_str().into(),
                gap.error_code.as_deref().into(),
                gap.message.as_deref().into(),
                gap.run_id.into(),
            ]
        }))
        .when_empty("Everything that was asked for could be read.")
}
