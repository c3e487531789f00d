"""Reads a file of edges with rustworkx and answers what carveout-graph answers."""

import json
import sys

import rustworkx

graph = rustworkx.PyDiGraph.read_edge_list(sys.argv[1])
reached = rustworkx.descendants(graph, 0)
dominators = rustworkx.immediate_dominators(graph, 0)
cut = rustworkx.articulation_points(graph.to_undirected())
answers = {
    "edges": graph.num_edges(),
    "reached": len(reached),
    "dominators": sum(above for node, above in dominators.items() if node != 0),
    "cut_vertices": len(cut),
}
print(json.dumps(answers))
