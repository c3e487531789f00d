//! Graphviz. Lay it out with `dot -Tsvg`, or `sfdp -Tsvg` for hundreds of parties.
//!
//! Source: the DOT language's grammar; inside quotes only `"` and `\` have a meaning.

use std::{collections::BTreeMap, fmt::Write as _};

use carveout_model::{NodeKind, Strength};

use super::{Document, color};

pub(super) fn write(document: &Document<'_>) -> String {
    let strengths: BTreeMap<&str, Option<Strength>> =
        document.parties.iter().map(|party| (party.party_id, party.strength)).collect();
    let mut text = format!(
        "digraph {} {{\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\"];\n",
        quoted(document.organization)
    );
    for node in document.nodes {
        let strength = node.party_id.as_deref().and_then(|party_id| strengths.get(party_id).copied().flatten());
        let look = match node.kind {
            NodeKind::Organization => "fillcolor=\"#1b2330\", fontcolor=white".to_owned(),
            NodeKind::Scope => "fillcolor=\"#eceff3\"".to_owned(),
            NodeKind::Report => "shape=note, color=\"#7a8594\"".to_owned(),
            NodeKind::ThirdParty => format!("color=\"{}\"", color(strength)),
        };
        let _ = writeln!(
            text,
            "  {} [label={}, kind={}, {look}];",
            quoted(&node.node_id),
            quoted(&node.label),
            quoted(node.kind.as_str())
        );
    }
    for edge in document.edges {
        let strength = edge.strength.map_or("", |strength| strength.as_str());
        let _ = writeln!(
            text,
            "  {} -> {} [label={}, strength={}, evidence_count={}, confidence={:.2}, color=\"{}\"];",
            quoted(&edge.from_id),
            quoted(&edge.to_id),
            quoted(edge.relation.as_str()),
            quoted(strength),
            edge.evidence_count,
            edge.confidence,
            color(edge.strength)
        );
    }
    text.push_str("}\n");
    text
}

/// A quoted text: control characters become spaces, so that a name stays on its line.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if character.is_control() => quoted.push(' '),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
