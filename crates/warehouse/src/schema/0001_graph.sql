-- The dependency graph of third parties as rows.
CREATE SCHEMA graph;

CREATE TABLE graph.nodes (
    node_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    party_id VARCHAR,
    scope_id VARCHAR
);
COMMENT ON TABLE graph.nodes IS 'What depends or is depended on.';
COMMENT ON COLUMN graph.nodes.node_id IS 'organization, scope:<provider>:<scope_id>, party:<party_id> or report:<report_id>.';
COMMENT ON COLUMN graph.nodes.kind IS 'organization, scope, third_party or report.';
COMMENT ON COLUMN graph.nodes.label IS 'The name shown to people.';
COMMENT ON COLUMN graph.nodes.party_id IS 'The party, for third parties.';
COMMENT ON COLUMN graph.nodes.scope_id IS 'The scope, for scopes.';

CREATE TABLE graph.edges (
    from_id VARCHAR NOT NULL,
    to_id VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    strength VARCHAR,
    evidence_count BIGINT NOT NULL,
    confidence DOUBLE NOT NULL
);
COMMENT ON TABLE graph.edges IS 'from_id depends on to_id.';
COMMENT ON COLUMN graph.edges.from_id IS 'The dependent.';
COMMENT ON COLUMN graph.edges.to_id IS 'What it depends on.';
COMMENT ON COLUMN graph.edges.relation IS 'What to_id is to from_id: administers, reads_data, reads_config, stores_data, receives_data, receives_telemetry, authenticates, hosts, supplies_code, routes_traffic, subservice_of, attests or contact.';
COMMENT ON COLUMN graph.edges.strength IS 'The strongest evidence behind it.';
COMMENT ON COLUMN graph.edges.evidence_count IS 'How many rows of evidence stand behind it.';
COMMENT ON COLUMN graph.edges.confidence IS '0 to 1.';

CREATE TABLE graph.reach (
    party_id VARCHAR NOT NULL,
    depth INTEGER NOT NULL,
    via VARCHAR,
    path VARCHAR[]
);
COMMENT ON TABLE graph.reach IS 'Every party the organization depends on, directly or through others.';
COMMENT ON COLUMN graph.reach.party_id IS 'The party.';
COMMENT ON COLUMN graph.reach.depth IS '1 for a direct party, 2 and more through others.';
COMMENT ON COLUMN graph.reach.via IS 'The party through which it is reached; NULL at depth 1.';
COMMENT ON COLUMN graph.reach.path IS 'The party ids of one shortest path, from the direct party to this one.';

CREATE TABLE graph.concentration (
    party_id VARCHAR NOT NULL,
    direct_dependents BIGINT NOT NULL,
    total_dependents BIGINT NOT NULL,
    scopes BIGINT NOT NULL,
    resources BIGINT NOT NULL,
    dominates BIGINT NOT NULL,
    is_cut_vertex BOOLEAN NOT NULL,
    centrality DOUBLE NOT NULL
);
COMMENT ON TABLE graph.concentration IS 'How much hangs on a party.';
COMMENT ON COLUMN graph.concentration.party_id IS 'The party.';
COMMENT ON COLUMN graph.concentration.direct_dependents IS 'Parties that depend on it directly.';
COMMENT ON COLUMN graph.concentration.total_dependents IS 'Parties that depend on it directly or through others.';
COMMENT ON COLUMN graph.concentration.scopes IS 'Scopes of ours in which it was seen.';
COMMENT ON COLUMN graph.concentration.resources IS 'Resources of ours that show it.';
COMMENT ON COLUMN graph.concentration.dominates IS 'Parties that can be reached only through it.';
COMMENT ON COLUMN graph.concentration.is_cut_vertex IS 'Whether its removal splits the graph.';
COMMENT ON COLUMN graph.concentration.centrality IS 'Betweenness, normalized to 0 to 1.';
