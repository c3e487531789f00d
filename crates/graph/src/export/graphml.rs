//! GraphML: attributes for Gephi and NetworkX, and the graphics that yEd draws a label from.
//!
//! Source: the GraphML primer, and yWorks' extension of it (`yfiles.type`).

use std::{collections::BTreeMap, fmt::Write as _};

use carveout_model::NodeKind;

use super::{Document, PartyFacts, color};

/// What every node or edge can carry: the key, who has it, its name and its type.
const KEYS: &[(&str, &str, &str, &str)] = &[
    ("label", "node", "label", "string"),
    ("kind", "node", "kind", "string"),
    ("party", "node", "party_id", "string"),
    ("scope", "node", "scope_id", "string"),
    ("category", "node", "category", "string"),
    ("strength", "node", "strength", "string"),
    ("depth", "node", "depth", "int"),
    ("resources", "node", "resources", "long"),
    ("dependents", "node", "total_dependents", "long"),
    ("dominates", "node", "dominates", "long"),
    ("cut", "node", "is_cut_vertex", "boolean"),
    ("centrality", "node", "centrality", "double"),
    ("report", "node", "report", "string"),
    ("relation", "edge", "relation", "string"),
    ("edge-strength", "edge", "strength", "string"),
    ("evidence", "edge", "evidence_count", "long"),
    ("confidence", "edge", "confidence", "double"),
];

pub(super) fn write(document: &Document<'_>) -> String {
    let mut text = concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" xmlns:y=\"http://www.yworks.com/xml/graphml\">\n",
    )
    .to_owned();
    for (key, of, name, kind) in KEYS {
        let _ = writeln!(text, "  <key id=\"{key}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>");
    }
    text.push_str("  <key id=\"picture\" for=\"node\" yfiles.type=\"nodegraphics\"/>\n");
    text.push_str("  <graph id=\"third-parties\" edgedefault=\"directed\">\n");
    let parties: BTreeMap<&str, &PartyFacts<'_>> =
        document.parties.iter().map(|party| (party.party_id, party)).collect();
    for node in document.nodes {
        let party = match node.kind {
            NodeKind::ThirdParty => node.party_id.as_deref().and_then(|party_id| parties.get(party_id)),
            _ => None,
        };
        let _ = writeln!(text, "    <node id=\"{}\">", escaped(&node.node_id));
        data(&mut text, "label", Some(&node.label));
        data(&mut text, "kind", Some(node.kind.as_str()));
        data(&mut text, "party", node.party_id.as_deref());
        data(&mut text, "scope", node.scope_id.as_deref());
        if let Some(party) = party {
            data(&mut text, "category", party.category);
            data(&mut text, "strength", party.strength.map(|strength| strength.as_str()));
            data(&mut text, "depth", party.depth.map(|depth| depth.to_string()).as_deref());
            data(&mut text, "resources", Some(&party.resources.to_string()));
            data(&mut text, "dependents", Some(&party.total_dependents.to_string()));
            data(&mut text, "dominates", Some(&party.dominates.to_string()));
            data(&mut text, "cut", Some(&party.is_cut_vertex.to_string()));
            data(&mut text, "centrality", Some(&party.centrality.to_string()));
            data(&mut text, "report", party.report);
        }
        let _ = writeln!(
            text,
            "      <data key=\"picture\"><y:ShapeNode><y:Geometry width=\"{}\" height=\"30\"/><y:Fill color=\"#FFFFFF\"/>\
             <y:BorderStyle color=\"{}\" width=\"2\"/><y:NodeLabel>{}</y:NodeLabel>\
             <y:Shape type=\"roundrectangle\"/></y:ShapeNode></data>\n    </node>",
            40 + 7 * node.label.chars().count().min(60),
            color(party.and_then(|party| party.strength)),
            escaped(&node.label)
        );
    }
    for (index, edge) in document.edges.iter().enumerate() {
        let _ = writeln!(
            text,
            "    <edge id=\"e{index}\" source=\"{}\" target=\"{}\">",
            escaped(&edge.from_id),
            escaped(&edge.to_id)
        );
        data(&mut text, "relation", Some(edge.relation.as_str()));
        data(&mut text, "edge-strength", edge.strength.map(|strength| strength.as_str()));
        data(&mut text, "evidence", Some(&edge.evidence_count.to_string()));
        data(&mut text, "confidence", Some(&edge.confidence.to_string()));
        text.push_str("    </edge>\n");
    }
    text.push_str("  </graph>\n</graphml>\n");
    text
}

fn data(text: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        let _ = writeln!(text, "      <data key=\"{key}\">{}</data>", escaped(value));
    }
}

/// Text and attribute values. What XML 1.0 can't hold at all (control characters, U+FFFE, U+FFFF) is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ if character.is_control() => escaped.push(if character.is_whitespace() { ' ' } else { '\u{fffd}' }),
            _ => escaped.push(character),
        }
    }
    escaped
}
