-- The estate: what was crawled, how it changed, and what could not be seen.
CREATE SCHEMA inventory;

CREATE TABLE inventory.scopes (
    provider VARCHAR NOT NULL,
    scope_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    parent_id VARCHAR,
    name VARCHAR,
    status VARCHAR NOT NULL,
    raw JSON,
    last_seen_run BIGINT NOT NULL
);
COMMENT ON TABLE inventory.scopes IS 'Organizations, accounts, subscriptions, projects and what holds them, as the last run that could list them saw them.';
COMMENT ON COLUMN inventory.scopes.provider IS 'aws, azure or gcp.';
COMMENT ON COLUMN inventory.scopes.scope_id IS 'The provider''s id: a 12-digit account, a subscription or tenant UUID, projects/name, folders/1, organizations/1.';
COMMENT ON COLUMN inventory.scopes.kind IS 'organization, organizational_unit, account, tenant, management_group, subscription, folder or project.';
COMMENT ON COLUMN inventory.scopes.parent_id IS 'The scope that holds it, where one is known.';
COMMENT ON COLUMN inventory.scopes.name IS 'The display name.';
COMMENT ON COLUMN inventory.scopes.status IS 'The provider''s word for its state, in lower case (active, suspended, disabled).';
COMMENT ON COLUMN inventory.scopes.raw IS 'The provider''s answer.';
COMMENT ON COLUMN inventory.scopes.last_seen_run IS 'The last run that listed it.';

CREATE TABLE inventory.resource_history (
    resource_key VARCHAR NOT NULL,
    valid_from_run BIGINT NOT NULL,
    valid_to_run BIGINT,
    content_hash VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    scope_id VARCHAR NOT NULL,
    region VARCHAR NOT NULL,
    service VARCHAR NOT NULL,
    service_model VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    name VARCHAR,
    tags JSON,
    config JSON USING COMPRESSION zstd,
    unread VARCHAR[],
    created_at TIMESTAMP,
    first_seen_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    last_seen_run BIGINT NOT NULL,
    found_by VARCHAR NOT NULL
);
COMMENT ON TABLE inventory.resource_history IS 'One row per distinct state of a resource. A state that did not change between runs costs no new row.';
COMMENT ON COLUMN inventory.resource_history.resource_key IS 'The provider''s own canonical id: an ARN; an ARM id in lower case; a Cloud Asset Inventory full resource name.';
COMMENT ON COLUMN inventory.resource_history.valid_from_run IS 'The run that saw this state first.';
COMMENT ON COLUMN inventory.resource_history.valid_to_run IS 'The run that saw it replaced or gone; NULL while live. A state holds for run r when valid_from_run <= r and (valid_to_run IS NULL or valid_to_run > r).';
COMMENT ON COLUMN inventory.resource_history.content_hash IS 'First half of the BLAKE3 hash of the canonical state without members whose change means nothing; 32 hex digits.';
COMMENT ON COLUMN inventory.resource_history.provider IS 'aws, azure or gcp.';
COMMENT ON COLUMN inventory.resource_history.scope_id IS 'The account, subscription or project that holds it.';
COMMENT ON COLUMN inventory.resource_history.region IS 'The provider''s region or location; global where it has none.';
COMMENT ON COLUMN inventory.resource_history.service IS 'The provider''s service (s3, microsoft.storage, storage).';
COMMENT ON COLUMN inventory.resource_history.service_model IS 'How much of the stack the provider runs: iaas, paas or saas.';
COMMENT ON COLUMN inventory.resource_history.type IS 'The provider''s own type name (AWS::S3::Bucket, microsoft.storage/storageaccounts, storage.googleapis.com/Bucket).';
COMMENT ON COLUMN inventory.resource_history.name IS 'The name a person gave it.';
COMMENT ON COLUMN inventory.resource_history.tags IS 'Tags or labels: one object of texts.';
COMMENT ON COLUMN inventory.resource_history.config IS 'The provider''s answer in the provider''s own field names; secrets are replaced by keyed fingerprints. Members whose change means nothing (etags, last-used times) are as of changed_at.';
COMMENT ON COLUMN inventory.resource_history.unread IS 'Top-level members of config that could not be read the last time; their last known value is kept.';
COMMENT ON COLUMN inventory.resource_history.created_at IS 'When it was created, where the provider says so (UTC).';
COMMENT ON COLUMN inventory.resource_history.first_seen_at IS 'When a crawl first saw it (UTC).';
COMMENT ON COLUMN inventory.resource_history.last_seen_at IS 'When a crawl last saw it (UTC); older than the last run where it was carried forward.';
COMMENT ON COLUMN inventory.resource_history.changed_at IS 'When a crawl saw its present state for the first time (UTC).';
COMMENT ON COLUMN inventory.resource_history.last_seen_run IS 'The last run that saw it.';
COMMENT ON COLUMN inventory.resource_history.found_by IS 'The unit of crawl work that last listed it.';

CREATE VIEW inventory.resources AS
SELECT
    resource_key,
    provider,
    scope_id,
    region,
    service,
    service_model,
    type,
    name,
    tags,
    config,
    unread,
    created_at,
    first_seen_at,
    last_seen_at,
    changed_at
FROM inventory.resource_history
WHERE valid_to_run IS NULL;
COMMENT ON VIEW inventory.resources IS 'The live estate: every resource in its last known state.';
COMMENT ON COLUMN inventory.resources.resource_key IS 'The provider''s own canonical id: an ARN; an ARM id in lower case; a Cloud Asset Inventory full resource name.';
COMMENT ON COLUMN inventory.resources.provider IS 'aws, azure or gcp.';
COMMENT ON COLUMN inventory.resources.scope_id IS 'The account, subscription or project that holds it.';
COMMENT ON COLUMN inventory.resources.region IS 'The provider''s region or location; global where it has none.';
COMMENT ON COLUMN inventory.resources.service IS 'The provider''s service (s3, microsoft.storage, storage).';
COMMENT ON COLUMN inventory.resources.service_model IS 'How much of the stack the provider runs: iaas, paas or saas.';
COMMENT ON COLUMN inventory.resources.type IS 'The provider''s own type name (AWS::S3::Bucket, microsoft.storage/storageaccounts, storage.googleapis.com/Bucket).';
COMMENT ON COLUMN inventory.resources.name IS 'The name a person gave it.';
COMMENT ON COLUMN inventory.resources.tags IS 'Tags or labels: one object of texts.';
COMMENT ON COLUMN inventory.resources.config IS 'The provider''s answer in the provider''s own field names; secrets are replaced by keyed fingerprints. Members whose change means nothing (etags, last-used times) are as of changed_at.';
COMMENT ON COLUMN inventory.resources.unread IS 'Top-level members of config that could not be read the last time; their last known value is kept.';
COMMENT ON COLUMN inventory.resources.created_at IS 'When it was created, where the provider says so (UTC).';
COMMENT ON COLUMN inventory.resources.first_seen_at IS 'When a crawl first saw it (UTC).';
COMMENT ON COLUMN inventory.resources.last_seen_at IS 'When a crawl last saw it (UTC); older than the last run where it was carried forward.';
COMMENT ON COLUMN inventory.resources.changed_at IS 'When a crawl saw its present state for the first time (UTC).';

CREATE VIEW inventory.resource_tags AS
SELECT
    resources.resource_key,
    tag.key AS tag_key,
    tag.value ->> '$' AS tag_value
FROM inventory.resources AS resources, json_each(resources.tags) AS tag;
COMMENT ON VIEW inventory.resource_tags IS 'The tags or labels of the live estate, one row each.';
COMMENT ON COLUMN inventory.resource_tags.resource_key IS 'The resource.';
COMMENT ON COLUMN inventory.resource_tags.tag_key IS 'The key.';
COMMENT ON COLUMN inventory.resource_tags.tag_value IS 'The value.';

CREATE TABLE inventory.resource_changes (
    run_id BIGINT NOT NULL,
    resource_key VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    change VARCHAR NOT NULL,
    paths VARCHAR[]
);
COMMENT ON TABLE inventory.resource_changes IS 'What each run found added, changed or removed.';
COMMENT ON COLUMN inventory.resource_changes.run_id IS 'The run.';
COMMENT ON COLUMN inventory.resource_changes.resource_key IS 'The resource.';
COMMENT ON COLUMN inventory.resource_changes.type IS 'The provider''s own type name.';
COMMENT ON COLUMN inventory.resource_changes.change IS 'added, changed or removed.';
COMMENT ON COLUMN inventory.resource_changes.paths IS 'For changed: which columns, and which top-level members of config (config.Name).';

CREATE TABLE inventory.runs (
    run_id BIGINT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    status VARCHAR NOT NULL,
    requested VARCHAR NOT NULL,
    resources BIGINT,
    added BIGINT,
    changed BIGINT,
    removed BIGINT,
    requests BIGINT
);
COMMENT ON TABLE inventory.runs IS 'Every refresh.';
COMMENT ON COLUMN inventory.runs.run_id IS '1 for the first.';
COMMENT ON COLUMN inventory.runs.started_at IS 'When it began (UTC).';
COMMENT ON COLUMN inventory.runs.finished_at IS 'When it ended (UTC); NULL while it runs.';
COMMENT ON COLUMN inventory.runs.status IS 'running, complete, partial (some coverage is not ok), failed or interrupted.';
COMMENT ON COLUMN inventory.runs.requested IS 'What was asked for: connectors and types.';
COMMENT ON COLUMN inventory.runs.resources IS 'Live resources after it.';
COMMENT ON COLUMN inventory.runs.added IS 'Resources it saw for the first time.';
COMMENT ON COLUMN inventory.runs.changed IS 'Resources it saw in another state.';
COMMENT ON COLUMN inventory.runs.removed IS 'Resources it proved gone.';
COMMENT ON COLUMN inventory.runs.requests IS 'Requests to providers, repeats included.';

CREATE TABLE inventory.coverage (
    run_id BIGINT NOT NULL,
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
COMMENT ON TABLE inventory.coverage IS 'How each unit of crawl work ended. Only ok proves that what was not listed is gone.';
COMMENT ON COLUMN inventory.coverage.run_id IS 'The run.';
COMMENT ON COLUMN inventory.coverage.provider IS 'aws, azure or gcp.';
COMMENT ON COLUMN inventory.coverage.scope_id IS 'The account, subscription or project.';
COMMENT ON COLUMN inventory.coverage.region IS 'The region, global, or * for all.';
COMMENT ON COLUMN inventory.coverage.type IS 'The resource type, or * for all.';
COMMENT ON COLUMN inventory.coverage.status IS 'ok, denied, throttled, unreachable, unsupported, skipped or error.';
COMMENT ON COLUMN inventory.coverage.resources IS 'Resources listed.';
COMMENT ON COLUMN inventory.coverage.requests IS 'Requests sent, repeats included.';
COMMENT ON COLUMN inventory.coverage.retries IS 'How many of those were repeats.';
COMMENT ON COLUMN inventory.coverage.elapsed_ms IS 'Wall time from the first request to the last answer, in milliseconds.';
COMMENT ON COLUMN inventory.coverage.error_code IS 'The provider''s error code.';
COMMENT ON COLUMN inventory.coverage.message IS 'What failed and what to do about it.';
