//! The graph and its questions over a small estate that can be checked by eye.

mod common;

use carveout_graph::{Coverage, Impact, KnownDependency, ObligationRow, Subject, subservice_slug};
use carveout_model::{Owner, PartyOrigin, Relation, SubserviceMethod, Treatment};
use common::*;

#[test]
fn a_fourth_party_is_reached_through_the_vendor_whose_report_names_it() {
    let graph = acme().build();
    let row = graph.reach().iter().find(|row| row.party_id == "subservice-equinix").expect("it is reached");
    assert_eq!((row.depth, row.via.as_deref()), (2, Some("datadog")));
    assert_eq!(row.path, ["datadog", "subservice-equinix"]);
    let added: Vec<_> = graph.added_parties().iter().map(|each| (each.party_id.as_str(), each.origin)).collect();
    assert_eq!(added, [("aws", PartyOrigin::Provider), ("subservice-equinix", PartyOrigin::Report)]);
}

#[test]
fn a_provider_that_is_ours_and_a_vendors_is_one_node() {
    let graph = acme().build();
    assert_eq!(graph.nodes().iter().filter(|node| node.node_id == "party:aws").count(), 1);
    let aws = graph.concentration().iter().find(|row| row.party_id == "aws").expect("a row for each party");
    assert_eq!((aws.direct_dependents, aws.total_dependents), (1, 2), "Datadog, and Okta through it");
    assert_eq!((aws.scopes, aws.resources), (2, 42), "an empty account hosts nothing");
}

#[test]
fn a_cycle_of_vendors_is_walked_once() {
    let graph = acme().build();
    let mut parties: Vec<_> = graph.reach().iter().map(|row| row.party_id.as_str()).collect();
    assert_eq!(parties, ["aws", "datadog", "okta", "unknown-aws-999999999999", "subservice-equinix"]);
    parties.dedup();
    assert_eq!(parties.len(), graph.reach().len());
    let itself = graph.edges().iter().find(|edge| edge.from_id == edge.to_id);
    assert_eq!(itself, None, "a vendor that names itself does not depend on itself");
}

#[test]
fn only_live_and_dormant_evidence_makes_an_edge() {
    let graph = acme().publish();
    assert_eq!(graph.unreached(), ["old-vendor"]);
    let why = graph.why("old-vendor").expect("the party is known");
    assert_eq!((why.reach, why.steps.len()), (None, 0));
    assert_eq!(why.evidence.len(), 1, "what is left over is shown, and makes no way");
    assert_eq!(graph.why("nobody"), None);
}

#[test]
fn evidence_is_summed_per_scope_and_for_us() {
    let graph = acme().build();
    let edge = |from: &str, to: &str| {
        graph.edges().iter().find(|edge| edge.from_id == from && edge.to_id == to).expect("the edge is there")
    };
    let ours = edge("organization", "party:datadog");
    assert_eq!(ours.evidence_count, 3, "evidence without a known scope counts for us");
    assert!((ours.confidence - 0.45).abs() < 1e-12);
    assert_eq!(edge("scope:aws:222222222222", "party:datadog").evidence_count, 1);
    let raw = edge("organization", "party:unknown-aws-999999999999");
    assert!((raw.confidence - 0.9).abs() < 1e-12, "a raw id has no attribution to doubt");
    assert_eq!(edge("party:datadog", "report:datadog-2026").relation, Relation::Attests);
}

#[test]
fn what_hangs_on_one_party_is_dominated_by_it() {
    let graph = acme().build();
    let row = |id: &str| graph.concentration().iter().find(|row| row.party_id == id).expect("a row for each party");
    assert_eq!(row("datadog").dominates, 1, "only Equinix has no other way");
    assert_eq!(row("okta").dominates, 0);
    assert!(row("datadog").is_cut_vertex);
    assert!(!row("aws").is_cut_vertex);
    assert!(row("datadog").centrality > 0.0 && row("subservice-equinix").centrality == 0.0);
    assert_eq!((row("datadog").scopes, row("datadog").resources), (2, 3));
}

/// The subjects of one kind with their details and counts.
fn of(rows: &[Impact], what: Subject) -> Vec<(&str, &str, u64)> {
    let rows = rows.iter().filter(|row| row.what == what);
    rows.map(|row| (row.subject.as_str(), row.detail.as_str(), row.count)).collect()
}

fn obligation(party_id: &str, control_id: &str, criterion_id: &str, treatment: Treatment) -> ObligationRow {
    ObligationRow {
        control_id: control_id.to_owned(),
        criterion_id: criterion_id.to_owned(),
        party_id: party_id.to_owned(),
        treatment,
        owner: Owner::Shared,
        report_id: (treatment == Treatment::Inherited).then(|| format!("{party_id}-2026")),
        hours_likely: 1.0,
    }
}

#[test]
fn an_impact_lists_parties_scopes_resources_controls_and_obligations() {
    let mut estate = acme();
    estate.obligations = vec![
        obligation("datadog", "AC-01", "CC6.1", Treatment::Shared),
        obligation("datadog", "AC-01", "CC6.2", Treatment::Inherited),
        obligation("datadog", "AC-02", "CC6.4", Treatment::NotApplicable),
        obligation("okta", "AC-01", "CC6.1", Treatment::Shared),
    ];
    let rows = estate.publish().impact("datadog").expect("the party is known");
    assert_eq!(of(&rows, Subject::DependentParty), [("okta", "okta > datadog", 1)]);
    assert_eq!(of(&rows, Subject::PartyBehindIt), [("subservice-equinix", "reached through it alone", 2)]);
    assert_eq!(
        of(&rows, Subject::Scope),
        [("scope:aws:111111111111", "reads_data", 1), ("scope:aws:222222222222", "reads_data", 1)]
    );
    let resources: Vec<&str> = of(&rows, Subject::Resource).into_iter().map(|row| row.0).collect();
    assert_eq!(resources, ["111111111111/role", "222222222222/role", "elsewhere"]);
    assert_eq!(of(&rows, Subject::Control), [("AC-01", "inherited, shared", 2)]);
    assert_eq!(
        of(&rows, Subject::Obligation),
        [("AC-01/CC6.1", "shared", 1), ("AC-01/CC6.2", "inherited, relies on datadog-2026", 1)]
    );
    assert_eq!(estate.publish().impact("nobody"), None);
}

#[test]
fn why_gives_each_step_with_what_shows_it() {
    let why = acme().publish().why("subservice-equinix").expect("the party is known");
    assert_eq!(why.steps.len(), 2);
    assert_eq!(why.steps[0].edges[0].relation, Relation::ReadsData);
    assert_eq!(why.steps[1].subservices[0].report_id, "datadog-2026");
    assert_eq!(why.evidence.len(), 3);
    assert_eq!(why.evidence[0].path.as_deref(), Some("AssumeRolePolicyDocument.Statement[0].Principal.AWS"));
}

#[test]
fn a_carve_out_needs_a_report_of_its_own_and_an_inclusive_report_speaks_for_the_party_below() {
    let mut graph = acme().publish();
    let coverage = |graph: &carveout_graph::PublishedGraph| -> Vec<(String, u32, Coverage)> {
        let hops = graph.chain("datadog").expect("the party is known");
        hops.into_iter().map(|hop| (hop.party_id, hop.depth, hop.coverage)).collect()
    };
    let hop = |id: &str, depth, coverage| (id.to_owned(), depth, coverage);
    assert_eq!(
        coverage(&graph),
        [
            hop("datadog", 0, Coverage::OwnReport),
            hop("aws", 1, Coverage::Missing),
            hop("okta", 1, Coverage::OwnReport),
            hop("subservice-equinix", 1, Coverage::Missing),
            hop("datadog", 2, Coverage::OwnReport),
        ],
        "a cycle is cut where it closes"
    );
    for row in graph.subservices.iter_mut().filter(|row| row.party_id == "aws") {
        row.method = SubserviceMethod::Inclusive;
    }
    assert_eq!(coverage(&graph)[1].2, Coverage::Included);
    for report in graph.reports.iter_mut().filter(|report| report.party_id == "datadog") {
        report.reliance = Some("expired".to_owned());
    }
    let covered = coverage(&graph);
    assert_eq!((covered[0].2, covered[1].2), (Coverage::NotRelied, Coverage::Missing));
}

#[test]
fn a_chain_has_each_link_once_and_names_the_cycle_that_it_cuts() {
    let mut estate = acme();
    estate.reports.push(report("aws", &["Equinix, Inc.", "Power & Pipes"]));
    let hops = estate.publish().chain("okta").expect("the party is known");
    let told: Vec<(u32, &str, Option<&str>, bool)> =
        hops.iter().map(|hop| (hop.depth, hop.party_id.as_str(), hop.via.as_deref(), hop.is_told_elsewhere)).collect();
    assert_eq!(
        told,
        [
            (0, "okta", None, false),
            (1, "datadog", Some("okta"), false),
            (2, "aws", Some("datadog"), false),
            (2, "okta", Some("datadog"), true),
            (2, "subservice-equinix", Some("datadog"), false),
            (3, "subservice-equinix", Some("aws"), true),
            (3, "subservice-power-pipes", Some("aws"), false),
        ]
    );
    let cycles: Vec<&Vec<String>> = hops.iter().map(|hop| &hop.cycle).filter(|cycle| !cycle.is_empty()).collect();
    assert_eq!(cycles, [&["okta", "datadog", "okta"]], "a party with two links is no cycle");
    assert_eq!(hops[2].named.as_ref().map(|named| named.report_id.as_str()), Some("datadog-2026"));
    assert_eq!(hops[2].days.map(|days| (days.report_days, days.letter_days, days.period_days)), Some((273, 31, 365)));
    assert_eq!(hops[6].days, None, "there is no report to count");
}

#[test]
fn the_least_reports_leave_out_who_is_included_in_anothers() {
    let mut estate = acme();
    estate.obligations = vec![
        obligation("datadog", "AC-01", "CC6.1", Treatment::Inherited),
        obligation("aws", "AC-01", "CC6.1", Treatment::Assess),
        obligation("okta", "AC-01", "CC6.1", Treatment::Assess),
        obligation("okta", "AC-02", "CC6.1", Treatment::Assess),
        obligation("other", "AC-01", "CC6.1", Treatment::Customer),
        obligation("other", "AC-01", "CC6.2", Treatment::Assess),
    ];
    let mut graph = estate.publish();
    let needed = |graph: &carveout_graph::PublishedGraph| -> Vec<(String, bool, u64)> {
        let rows = graph.cover("CC6.1");
        rows.into_iter().map(|row| (row.party_id, row.held.is_some(), row.obligations)).collect()
    };
    let row = |id: &str, held, obligations| (id.to_owned(), held, obligations);
    assert_eq!(needed(&graph), [row("okta", false, 2), row("aws", false, 1), row("datadog", true, 1)]);
    for subservice in graph.subservices.iter_mut().filter(|row| row.party_id == "aws") {
        subservice.method = SubserviceMethod::Inclusive;
    }
    assert_eq!(needed(&graph), [row("okta", false, 2), row("datadog", true, 2)]);
}

#[test]
fn parties_that_depend_on_each_other_are_a_cycle() {
    assert_eq!(acme().publish().cycles(), [["datadog", "okta"]]);
}

#[test]
fn a_published_list_of_subprocessors_leads_further() {
    let mut estate = acme();
    estate.known.push(KnownDependency {
        party_id: "okta".to_owned(),
        party_name: "Okta".to_owned(),
        depends_on: "subservice-somebody".to_owned(),
        depends_on_name: "Somebody".to_owned(),
        relation: Relation::SubserviceOf,
        confidence: 0.5,
    });
    let graph = estate.build();
    let row = graph.reach().iter().find(|row| row.party_id == "subservice-somebody").expect("it is reached");
    assert_eq!(row.path, ["okta", "subservice-somebody"]);
    let added = graph.added_parties().iter().find(|party| party.party_id == "subservice-somebody").expect("added");
    assert_eq!((added.name.as_str(), added.origin), ("Somebody", PartyOrigin::Directory));
}

#[test]
fn the_order_of_the_input_does_not_matter() {
    let mut shuffled = acme();
    shuffled.parties.reverse();
    shuffled.evidence.reverse();
    shuffled.reports.reverse();
    shuffled.scopes.reverse();
    let (one, other) = (acme().build(), shuffled.build());
    assert_eq!(one.nodes(), other.nodes());
    assert_eq!(one.edges(), other.edges());
    assert_eq!(one.reach(), other.reach());
    assert_eq!(one.concentration(), other.concentration());
    assert_eq!(one.subservices(), other.subservices());
}

#[test]
fn a_slug_drops_the_legal_form_and_keeps_the_name() {
    assert_eq!(subservice_slug("Equinix, Inc."), "subservice-equinix");
    assert_eq!(subservice_slug("Müller Rechenzentrum GmbH & Co. AG"), "subservice-müller-rechenzentrum");
    assert_eq!(subservice_slug("Inc."), "subservice-inc");
    assert_eq!(subservice_slug("—"), "subservice-unnamed");
}
