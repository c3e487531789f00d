-- Pages of a running crawl, in a file of their own, so that an interrupted run can be continued and the published
-- file never carries them.
CREATE TABLE stage.layout (
    version BIGINT NOT NULL,
    run_id BIGINT NOT NULL
);
COMMENT ON TABLE stage.layout IS 'One row: which layout these tables have, and the last run that used them.';

CREATE TABLE stage.units (
    unit BIGINT NOT NULL,
    unit_id VARCHAR NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    is_complete BOOLEAN NOT NULL
);
COMMENT ON TABLE stage.units IS 'Units of work of the running crawl.';

CREATE TABLE stage.coverage (
    unit BIGINT NOT NULL,
    provider VARCHAR NOT NULL,
    scope_id VARCHAR NOT NULL,
    region VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    resources BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    retries BIGINT NOT NULL,
    elapsed_ms BIGINT NOT NULL,
    error_code VARCHAR,
    message VARCHAR
);
COMMENT ON TABLE stage.coverage IS 'Coverage rows of the running crawl.';

CREATE TABLE stage.resources (
    sequence BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    resource_key VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    scope_id VARCHAR NOT NULL,
    region VARCHAR NOT NULL,
    service VARCHAR NOT NULL,
    service_model VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    name VARCHAR,
    tags JSON,
    config JSON USING COMPRESSION zstd,
    unread VARCHAR,
    created_at TIMESTAMP,
    content_hash VARCHAR NOT NULL
);
COMMENT ON TABLE stage.resources IS 'Resources of the running crawl; the row with the greatest sequence of a key wins.';

CREATE TABLE stage.observations (
    sequence BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    resource_key VARCHAR NOT NULL,
    signal VARCHAR NOT NULL,
    outsider JSON NOT NULL,
    relation VARCHAR NOT NULL,
    strength VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    relation_confidence DOUBLE NOT NULL,
    path VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    context JSON
);
COMMENT ON TABLE stage.observations IS 'Observations of the running crawl.';

CREATE TABLE stage.scopes (
    provider VARCHAR NOT NULL,
    scope_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    parent_id VARCHAR,
    name VARCHAR,
    status VARCHAR NOT NULL,
    raw JSON
);
COMMENT ON TABLE stage.scopes IS 'Scopes that the running crawl found.';
