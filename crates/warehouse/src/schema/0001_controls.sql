-- Criteria, controls, who owns what, and what was checked.
CREATE SCHEMA controls;

CREATE TABLE controls.criteria (
    criterion_id VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    series VARCHAR NOT NULL,
    title VARCHAR NOT NULL
);
COMMENT ON TABLE controls.criteria IS 'The trust services criteria, by id; titles are our own.';
COMMENT ON COLUMN controls.criteria.criterion_id IS 'CC6.1 and the like.';
COMMENT ON COLUMN controls.criteria.category IS 'security, availability, confidentiality, processing_integrity or privacy.';
COMMENT ON COLUMN controls.criteria.series IS 'CC6 and the like.';
COMMENT ON COLUMN controls.criteria.title IS 'Our own short title.';

CREATE TABLE controls.controls (
    control_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    objective VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    frequency VARCHAR NOT NULL,
    owner VARCHAR NOT NULL
);
COMMENT ON TABLE controls.controls IS 'The organization''s controls.';
COMMENT ON COLUMN controls.controls.control_id IS 'AC-01 and the like.';
COMMENT ON COLUMN controls.controls.title IS 'Short title.';
COMMENT ON COLUMN controls.controls.objective IS 'What it is meant to achieve.';
COMMENT ON COLUMN controls.controls.kind IS 'manual or automated.';
COMMENT ON COLUMN controls.controls.frequency IS 'annual, quarterly, monthly, weekly, daily, per_event or continuous; it decides the sample size.';
COMMENT ON COLUMN controls.controls.owner IS 'The role that owns it.';

CREATE TABLE controls.control_criteria (
    control_id VARCHAR NOT NULL,
    criterion_id VARCHAR NOT NULL
);
COMMENT ON TABLE controls.control_criteria IS 'Which criteria a control serves.';
COMMENT ON COLUMN controls.control_criteria.control_id IS 'The control.';
COMMENT ON COLUMN controls.control_criteria.criterion_id IS 'The criterion.';

CREATE TABLE controls.control_layers (
    control_id VARCHAR NOT NULL,
    layer VARCHAR NOT NULL
);
COMMENT ON TABLE controls.control_layers IS 'Which layers of the stack a control touches.';
COMMENT ON COLUMN controls.control_layers.control_id IS 'The control.';
COMMENT ON COLUMN controls.control_layers.layer IS 'The layer.';

CREATE TABLE controls.crosswalk (
    framework VARCHAR NOT NULL,
    framework_version VARCHAR NOT NULL,
    framework_control_id VARCHAR NOT NULL,
    criterion_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    relation VARCHAR,
    licence VARCHAR
);
COMMENT ON TABLE controls.crosswalk IS 'Published mappings of other frameworks'' controls to criteria. They differ widely: each keeps its source.';
COMMENT ON COLUMN controls.crosswalk.framework IS 'ccm, iso27001 and others.';
COMMENT ON COLUMN controls.crosswalk.framework_version IS 'Its version.';
COMMENT ON COLUMN controls.crosswalk.framework_control_id IS 'Its control id.';
COMMENT ON COLUMN controls.crosswalk.criterion_id IS 'The criterion.';
COMMENT ON COLUMN controls.crosswalk.source IS 'Who published the mapping.';
COMMENT ON COLUMN controls.crosswalk.relation IS 'How the two relate, where the source says it.';
COMMENT ON COLUMN controls.crosswalk.licence IS 'The licence of the source.';

CREATE TABLE controls.layers (
    layer VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL
);
COMMENT ON TABLE controls.layers IS 'The layers of the stack.';
COMMENT ON COLUMN controls.layers.layer IS 'entity, data, application, identity_and_access, platform, operating_system, network, virtualization or physical.';
COMMENT ON COLUMN controls.layers.ordinal IS '0 at the top.';

CREATE TABLE controls.responsibility (
    service_model VARCHAR NOT NULL,
    layer VARCHAR NOT NULL,
    criterion_id VARCHAR,
    party_id VARCHAR,
    owner VARCHAR NOT NULL,
    source VARCHAR NOT NULL
);
COMMENT ON TABLE controls.responsibility IS 'Who owns a layer, by service model. A row with a party or a criterion goes before one without.';
COMMENT ON COLUMN controls.responsibility.service_model IS 'iaas, paas or saas.';
COMMENT ON COLUMN controls.responsibility.layer IS 'The layer.';
COMMENT ON COLUMN controls.responsibility.criterion_id IS 'The criterion, where the row is about one.';
COMMENT ON COLUMN controls.responsibility.party_id IS 'The third party, where the row is about one.';
COMMENT ON COLUMN controls.responsibility.owner IS 'provider, customer, shared, outsourced_to_third_party, shared_with_third_party or not_applicable.';
COMMENT ON COLUMN controls.responsibility.source IS 'Where that comes from.';

CREATE TABLE controls.checks (
    check_id VARCHAR NOT NULL,
    control_id VARCHAR NOT NULL,
    criterion_ids VARCHAR[],
    provider VARCHAR NOT NULL,
    resource_type VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    rationale VARCHAR NOT NULL,
    query_name VARCHAR NOT NULL
);
COMMENT ON TABLE controls.checks IS 'Checks of configuration that are evidence for a control.';
COMMENT ON COLUMN controls.checks.check_id IS 'Stable id.';
COMMENT ON COLUMN controls.checks.control_id IS 'The control it is evidence for.';
COMMENT ON COLUMN controls.checks.criterion_ids IS 'The criteria it bears on.';
COMMENT ON COLUMN controls.checks.provider IS 'aws, azure or gcp.';
COMMENT ON COLUMN controls.checks.resource_type IS 'The resource type it looks at.';
COMMENT ON COLUMN controls.checks.title IS 'What holds when it passes.';
COMMENT ON COLUMN controls.checks.rationale IS 'Why it matters.';
COMMENT ON COLUMN controls.checks.query_name IS 'The packaged query that carries it out.';

CREATE TABLE controls.check_results (
    run_id BIGINT NOT NULL,
    check_id VARCHAR NOT NULL,
    resource_key VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE controls.check_results IS 'What each check said of each resource in the last sealed run. Unknown is never pass.';
COMMENT ON COLUMN controls.check_results.run_id IS 'The run.';
COMMENT ON COLUMN controls.check_results.check_id IS 'The check.';
COMMENT ON COLUMN controls.check_results.resource_key IS 'The resource.';
COMMENT ON COLUMN controls.check_results.status IS 'pass, fail, not_applicable or unknown.';
COMMENT ON COLUMN controls.check_results.reason IS 'The fact that decided.';

CREATE TABLE controls.evidence_guide (
    criterion_id VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    traditional_test VARCHAR NOT NULL,
    cloud_native_evidence VARCHAR NOT NULL,
    query_name VARCHAR
);
COMMENT ON TABLE controls.evidence_guide IS 'What stands in for a traditional test in each cloud.';
COMMENT ON COLUMN controls.evidence_guide.criterion_id IS 'The criterion.';
COMMENT ON COLUMN controls.evidence_guide.provider IS 'aws, azure or gcp.';
COMMENT ON COLUMN controls.evidence_guide.traditional_test IS 'The test as it is written for data centres and appliances.';
COMMENT ON COLUMN controls.evidence_guide.cloud_native_evidence IS 'What shows the same in this cloud.';
COMMENT ON COLUMN controls.evidence_guide.query_name IS 'The packaged query that lists it.';
