-- Third parties: who they are, why we say so, and what their reports say.
CREATE SCHEMA parties;

CREATE TABLE parties.third_parties (
    party_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    domain VARCHAR,
    category VARCHAR,
    service_model VARCHAR,
    origin VARCHAR NOT NULL,
    in_register BOOLEAN NOT NULL,
    relation_strength VARCHAR,
    first_seen_run BIGINT NOT NULL
);
COMMENT ON TABLE parties.third_parties IS 'Every party outside the organization that the inventory, a report or the register shows; the clouds are among them.';
COMMENT ON COLUMN parties.third_parties.party_id IS 'The vendor id of the directory, or a raw id (unknown-aws-123456789012, domain-example.net).';
COMMENT ON COLUMN parties.third_parties.name IS 'The name shown to people.';
COMMENT ON COLUMN parties.third_parties.domain IS 'Its main domain.';
COMMENT ON COLUMN parties.third_parties.category IS 'The directory''s kind (observability, identity, cloud).';
COMMENT ON COLUMN parties.third_parties.service_model IS 'How we use it: iaas, paas or saas.';
COMMENT ON COLUMN parties.third_parties.origin IS 'How we came to know of it: provider, directory, register, report or discovered.';
COMMENT ON COLUMN parties.third_parties.in_register IS 'Whether the user''s register lists it.';
COMMENT ON COLUMN parties.third_parties.relation_strength IS 'The strongest evidence that counts: can_admin, can_read_data, sends_data_to, can_read_config, identity, hosting or contact.';
COMMENT ON COLUMN parties.third_parties.first_seen_run IS 'The run that named it first.';

CREATE TABLE parties.evidence (
    party_id VARCHAR NOT NULL,
    resource_key VARCHAR NOT NULL,
    signal VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    strength VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    detail JSON,
    relation_confidence DOUBLE NOT NULL,
    attribution_confidence DOUBLE NOT NULL,
    status VARCHAR NOT NULL,
    first_seen_run BIGINT NOT NULL,
    last_seen_run BIGINT NOT NULL
);
COMMENT ON TABLE parties.evidence IS 'Why we say that a third party is there. Only live and dormant rows make a party count.';
COMMENT ON COLUMN parties.evidence.party_id IS 'The party.';
COMMENT ON COLUMN parties.evidence.resource_key IS 'The resource that shows it.';
COMMENT ON COLUMN parties.evidence.signal IS 'What showed it (iam_trust_policy, dns_record, lambda_layer).';
COMMENT ON COLUMN parties.evidence.relation IS 'What the party is to us: administers, reads_data, receives_telemetry, authenticates and others.';
COMMENT ON COLUMN parties.evidence.strength IS 'How far it reaches: can_admin, can_read_data, sends_data_to, can_read_config, identity, hosting or contact.';
COMMENT ON COLUMN parties.evidence.direction IS 'in (it reaches into our estate), out (our data goes there), both or none.';
COMMENT ON COLUMN parties.evidence.detail IS 'The exact path and value in config, what matched in the directory, and what limits it.';
COMMENT ON COLUMN parties.evidence.relation_confidence IS 'That an outside party is there, 0 to 1.';
COMMENT ON COLUMN parties.evidence.attribution_confidence IS 'That it is this party, 0 to 1.';
COMMENT ON COLUMN parties.evidence.status IS 'live, dormant, pending, stale or hint.';
COMMENT ON COLUMN parties.evidence.first_seen_run IS 'The run that saw it first.';
COMMENT ON COLUMN parties.evidence.last_seen_run IS 'The last run that saw the resource.';

CREATE TABLE parties.observations (
    resource_key VARCHAR NOT NULL,
    ordinal BIGINT NOT NULL,
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
COMMENT ON TABLE parties.observations IS 'Every place in a live resource that names an identity outside it, before anyone has said whose it is.';
COMMENT ON COLUMN parties.observations.resource_key IS 'The resource that shows it.';
COMMENT ON COLUMN parties.observations.ordinal IS 'The order in which they were found.';
COMMENT ON COLUMN parties.observations.signal IS 'What showed it.';
COMMENT ON COLUMN parties.observations.outsider IS 'Who is named, in the provider''s own terms: kind and value.';
COMMENT ON COLUMN parties.observations.relation IS 'What that makes the party to us.';
COMMENT ON COLUMN parties.observations.strength IS 'How far it reaches.';
COMMENT ON COLUMN parties.observations.direction IS 'in, out, both or none.';
COMMENT ON COLUMN parties.observations.status IS 'live, dormant, pending, stale or hint.';
COMMENT ON COLUMN parties.observations.relation_confidence IS 'That an outside party is there, 0 to 1.';
COMMENT ON COLUMN parties.observations.path IS 'Where in config.';
COMMENT ON COLUMN parties.observations.value IS 'The text found there.';
COMMENT ON COLUMN parties.observations.context IS 'What limits or explains it: external id, conditions, tenant claim, actions.';

CREATE TABLE parties.explained (
    resource_key VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE parties.explained IS 'What looks foreign and is not, so that a reviewer sees why nothing was raised.';
COMMENT ON COLUMN parties.explained.resource_key IS 'Where it was seen.';
COMMENT ON COLUMN parties.explained.value IS 'What was seen.';
COMMENT ON COLUMN parties.explained.reason IS 'Why it is no third party.';

CREATE TABLE parties.exposures (
    resource_key VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    detail JSON
);
COMMENT ON TABLE parties.exposures IS 'Public or any-tenant access, which is nobody''s party and must still be seen.';
COMMENT ON COLUMN parties.exposures.resource_key IS 'Where it was seen.';
COMMENT ON COLUMN parties.exposures.kind IS 'public_principal, any_tenant or federation_without_subject.';
COMMENT ON COLUMN parties.exposures.detail IS 'The exact path and value.';

CREATE TABLE parties.report_documents (
    report_id VARCHAR NOT NULL,
    document JSON NOT NULL,
    imported_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE parties.report_documents IS 'Every SOC 2 report as it was imported; the other report tables are derived from it.';
COMMENT ON COLUMN parties.report_documents.report_id IS 'Stable id, from vendor, system and period.';
COMMENT ON COLUMN parties.report_documents.document IS 'The report''s metadata.';
COMMENT ON COLUMN parties.report_documents.imported_at IS 'When it was imported (UTC).';

CREATE TABLE parties.reports (
    report_id VARCHAR NOT NULL,
    party_id VARCHAR,
    organization VARCHAR NOT NULL,
    system VARCHAR,
    framework VARCHAR NOT NULL,
    report_type VARCHAR NOT NULL,
    auditor VARCHAR,
    period_start DATE,
    period_end DATE,
    as_of DATE,
    issued_on DATE,
    opinion VARCHAR,
    qualified_criteria VARCHAR[],
    categories VARCHAR[],
    subservice_method VARCHAR,
    bridge_until DATE,
    reliance VARCHAR,
    judged_on DATE NOT NULL,
    source VARCHAR NOT NULL,
    source_sha256 VARCHAR NOT NULL,
    extraction JSON
);
COMMENT ON TABLE parties.reports IS 'SOC 2 reports of vendors, with what was decided about each.';
COMMENT ON COLUMN parties.reports.report_id IS 'Stable id, from vendor, system and period.';
COMMENT ON COLUMN parties.reports.party_id IS 'The party it speaks for; NULL where nobody has said.';
COMMENT ON COLUMN parties.reports.organization IS 'The service organization, as printed.';
COMMENT ON COLUMN parties.reports.system IS 'The system the report describes.';
COMMENT ON COLUMN parties.reports.framework IS 'soc2.';
COMMENT ON COLUMN parties.reports.report_type IS 'type1 (design, on a day) or type2 (design and operation, over a period).';
COMMENT ON COLUMN parties.reports.auditor IS 'The service auditor.';
COMMENT ON COLUMN parties.reports.period_start IS 'First day of a type 2''s period.';
COMMENT ON COLUMN parties.reports.period_end IS 'Last day of a type 2''s period.';
COMMENT ON COLUMN parties.reports.as_of IS 'The day that a type 1 speaks for.';
COMMENT ON COLUMN parties.reports.issued_on IS 'The day the auditor signed.';
COMMENT ON COLUMN parties.reports.opinion IS 'unqualified, qualified, adverse or disclaimer.';
COMMENT ON COLUMN parties.reports.qualified_criteria IS 'The criteria that a qualified opinion excepts.';
COMMENT ON COLUMN parties.reports.categories IS 'The categories the report covers.';
COMMENT ON COLUMN parties.reports.subservice_method IS 'How it treats subservice organizations: carve_out, inclusive or mixed.';
COMMENT ON COLUMN parties.reports.bridge_until IS 'The last day that a bridge letter speaks for.';
COMMENT ON COLUMN parties.reports.reliance IS 'current, bridged, stale, expired, unreliable or not_evaluable (period, opinion or categories unknown), on judged_on; NULL without a party.';
COMMENT ON COLUMN parties.reports.judged_on IS 'The day that reliance was judged for.';
COMMENT ON COLUMN parties.reports.source IS 'Where it was read from.';
COMMENT ON COLUMN parties.reports.source_sha256 IS 'SHA-256 of the input, lower-case hex.';
COMMENT ON COLUMN parties.reports.extraction IS 'How it was read and with what confidence.';

CREATE TABLE parties.report_controls (
    report_id VARCHAR NOT NULL,
    control_ref VARCHAR NOT NULL,
    criteria VARCHAR[],
    description VARCHAR NOT NULL,
    test VARCHAR,
    result VARCHAR,
    exception BOOLEAN NOT NULL
);
COMMENT ON TABLE parties.report_controls IS 'The tests of controls of a report.';
COMMENT ON COLUMN parties.report_controls.report_id IS 'The report.';
COMMENT ON COLUMN parties.report_controls.control_ref IS 'The report''s own reference.';
COMMENT ON COLUMN parties.report_controls.criteria IS 'The criteria it serves.';
COMMENT ON COLUMN parties.report_controls.description IS 'The control.';
COMMENT ON COLUMN parties.report_controls.test IS 'The auditor''s test.';
COMMENT ON COLUMN parties.report_controls.result IS 'The result of the test.';
COMMENT ON COLUMN parties.report_controls.exception IS 'Whether an exception was noted.';

CREATE TABLE parties.report_exceptions (
    report_id VARCHAR NOT NULL,
    control_ref VARCHAR NOT NULL,
    criteria VARCHAR[],
    description VARCHAR NOT NULL,
    management_response VARCHAR
);
COMMENT ON TABLE parties.report_exceptions IS 'Exceptions in the tests of controls of a report.';
COMMENT ON COLUMN parties.report_exceptions.report_id IS 'The report.';
COMMENT ON COLUMN parties.report_exceptions.control_ref IS 'The control it was found in.';
COMMENT ON COLUMN parties.report_exceptions.criteria IS 'The criteria it bears on.';
COMMENT ON COLUMN parties.report_exceptions.description IS 'What was found.';
COMMENT ON COLUMN parties.report_exceptions.management_response IS 'What management answers.';

CREATE TABLE parties.user_entity_controls (
    report_id VARCHAR NOT NULL,
    cuec_ref VARCHAR NOT NULL,
    criteria VARCHAR[],
    description VARCHAR NOT NULL
);
COMMENT ON TABLE parties.user_entity_controls IS 'Complementary user entity controls (CUECs): what a vendor hands back to us.';
COMMENT ON COLUMN parties.user_entity_controls.report_id IS 'The report.';
COMMENT ON COLUMN parties.user_entity_controls.cuec_ref IS 'The report''s own reference.';
COMMENT ON COLUMN parties.user_entity_controls.criteria IS 'The criteria it bears on.';
COMMENT ON COLUMN parties.user_entity_controls.description IS 'What we have to do.';

CREATE TABLE parties.subservice_organizations (
    report_id VARCHAR NOT NULL,
    party_id VARCHAR,
    name VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    services VARCHAR
);
COMMENT ON TABLE parties.subservice_organizations IS 'Subservice organizations that a report names: our fourth parties.';
COMMENT ON COLUMN parties.subservice_organizations.report_id IS 'The report.';
COMMENT ON COLUMN parties.subservice_organizations.party_id IS 'The party behind the name; NULL where nobody has said.';
COMMENT ON COLUMN parties.subservice_organizations.name IS 'The name as printed.';
COMMENT ON COLUMN parties.subservice_organizations.method IS 'carve_out or inclusive.';
COMMENT ON COLUMN parties.subservice_organizations.services IS 'What it does for the service organization.';

CREATE TABLE parties.subservice_controls (
    report_id VARCHAR NOT NULL,
    csoc_ref VARCHAR NOT NULL,
    party_id VARCHAR,
    organization VARCHAR,
    criteria VARCHAR[],
    description VARCHAR NOT NULL
);
COMMENT ON TABLE parties.subservice_controls IS 'Complementary subservice organization controls (CSOCs): what a vendor assumes of its own providers.';
COMMENT ON COLUMN parties.subservice_controls.report_id IS 'The report.';
COMMENT ON COLUMN parties.subservice_controls.csoc_ref IS 'The report''s own reference.';
COMMENT ON COLUMN parties.subservice_controls.party_id IS 'The party it is assumed of, where known.';
COMMENT ON COLUMN parties.subservice_controls.organization IS 'The subservice organization, as printed.';
COMMENT ON COLUMN parties.subservice_controls.criteria IS 'The criteria it bears on.';
COMMENT ON COLUMN parties.subservice_controls.description IS 'What is assumed.';
