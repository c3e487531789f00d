-- Reliance to the day: what reports cover, what vendors assume of their own providers, what comes back to us, and by which
-- name each party was found.
CREATE TABLE parties.names (
    party_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    matched VARCHAR
);
COMMENT ON TABLE parties.names IS 'Every name by which reports and the register call a party, and by what rule it was found to be that party.';
COMMENT ON COLUMN parties.names.party_id IS 'The party.';
COMMENT ON COLUMN parties.names.name IS 'The name as it is printed.';
COMMENT ON COLUMN parties.names.place IS 'report (a report is about it), subservice_organization (a report names it) or register.';
COMMENT ON COLUMN parties.names.rule IS 'given (the file says the party''s id), workspace (the workspace''s own table), directory_id, directory_name, directory_alias, directory_domain, or as_printed where nobody knows the name.';
COMMENT ON COLUMN parties.names.matched IS 'The entry that it matched; NULL where it matched nothing.';

CREATE TABLE scoping.report_coverage (
    scenario VARCHAR NOT NULL,
    party_id VARCHAR NOT NULL,
    criterion_id VARCHAR NOT NULL,
    class VARCHAR NOT NULL,
    from_day DATE NOT NULL,
    to_day DATE NOT NULL,
    days INTEGER NOT NULL,
    report_id VARCHAR,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE scoping.report_coverage IS 'The days of the audit period by what speaks for a third party on a criterion. The rows of a party and a criterion add up to the period.';
COMMENT ON COLUMN scoping.report_coverage.scenario IS 'The scenario.';
COMMENT ON COLUMN scoping.report_coverage.party_id IS 'The third party.';
COMMENT ON COLUMN scoping.report_coverage.criterion_id IS 'The criterion.';
COMMENT ON COLUMN scoping.report_coverage.class IS 'report, bridge_letter, not_evaluable (a report may speak and can''t be judged: under NDA, a section missing, its period unknown) or nothing.';
COMMENT ON COLUMN scoping.report_coverage.from_day IS 'First day.';
COMMENT ON COLUMN scoping.report_coverage.to_day IS 'Last day.';
COMMENT ON COLUMN scoping.report_coverage.days IS 'Days, both ends included.';
COMMENT ON COLUMN scoping.report_coverage.report_id IS 'The report, or the one that comes nearest where nothing speaks; NULL where none is at hand.';
COMMENT ON COLUMN scoping.report_coverage.reason IS 'Why.';

CREATE TABLE scoping.csoc_coverage (
    scenario VARCHAR NOT NULL,
    vendor_id VARCHAR NOT NULL,
    report_id VARCHAR NOT NULL,
    csoc_ref VARCHAR NOT NULL,
    party_id VARCHAR,
    criterion_id VARCHAR,
    status VARCHAR NOT NULL,
    shown_by VARCHAR,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE scoping.csoc_coverage IS 'What vendors assume of their own providers (CSOCs), criterion by criterion, held against those providers'' reports.';
COMMENT ON COLUMN scoping.csoc_coverage.scenario IS 'The scenario.';
COMMENT ON COLUMN scoping.csoc_coverage.vendor_id IS 'The vendor that assumes it.';
COMMENT ON COLUMN scoping.csoc_coverage.report_id IS 'The vendor''s report.';
COMMENT ON COLUMN scoping.csoc_coverage.csoc_ref IS 'That report''s own reference.';
COMMENT ON COLUMN scoping.csoc_coverage.party_id IS 'The provider that it is assumed of; NULL where the report does not say.';
COMMENT ON COLUMN scoping.csoc_coverage.criterion_id IS 'The criterion; NULL where the report names none.';
COMMENT ON COLUMN scoping.csoc_coverage.status IS 'shown, exception, qualified, not_tested, not_evaluable, not_relied or no_report.';
COMMENT ON COLUMN scoping.csoc_coverage.shown_by IS 'The provider''s report that decided.';
COMMENT ON COLUMN scoping.csoc_coverage.reason IS 'Why.';

CREATE TABLE scoping.cuec_trace (
    scenario VARCHAR NOT NULL,
    party_id VARCHAR NOT NULL,
    report_id VARCHAR NOT NULL,
    cuec_ref VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    criteria VARCHAR[],
    in_scope BOOLEAN NOT NULL,
    ownership VARCHAR NOT NULL,
    reason VARCHAR,
    control_ids VARCHAR[],
    evidence VARCHAR,
    passed BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    unknown BIGINT NOT NULL
);
COMMENT ON TABLE scoping.cuec_trace IS 'Complementary user entity controls (CUECs) with the controls of ours that answer for them, and their evidence.';
COMMENT ON COLUMN scoping.cuec_trace.scenario IS 'The scenario.';
COMMENT ON COLUMN scoping.cuec_trace.party_id IS 'The vendor that hands it to us.';
COMMENT ON COLUMN scoping.cuec_trace.report_id IS 'The vendor''s report.';
COMMENT ON COLUMN scoping.cuec_trace.cuec_ref IS 'That report''s own reference.';
COMMENT ON COLUMN scoping.cuec_trace.description IS 'What we have to do.';
COMMENT ON COLUMN scoping.cuec_trace.criteria IS 'The criteria it bears on.';
COMMENT ON COLUMN scoping.cuec_trace.in_scope IS 'Whether any of them is in scope; also where the report names none.';
COMMENT ON COLUMN scoping.cuec_trace.ownership IS 'named (cuec_owners.csv), by_criterion (controls that serve its criteria, until somebody confirms them), not_applicable or unowned.';
COMMENT ON COLUMN scoping.cuec_trace.reason IS 'What was said of it, or what is missing.';
COMMENT ON COLUMN scoping.cuec_trace.control_ids IS 'Our controls that carry it out, or could.';
COMMENT ON COLUMN scoping.cuec_trace.evidence IS 'What the checks of these controls came to at the vendor: fail, unknown, pass or not_applicable; NULL where no check looks there.';
COMMENT ON COLUMN scoping.cuec_trace.passed IS 'Resources that pass.';
COMMENT ON COLUMN scoping.cuec_trace.failed IS 'Resources that fail.';
COMMENT ON COLUMN scoping.cuec_trace.unknown IS 'Resources of which it can''t be told.';

-- A comment of version 1 that leaves out what reports under NDA and missing sections are.
COMMENT ON COLUMN parties.reports.reliance IS 'current, bridged, stale, expired, unreliable or not_evaluable (under NDA, the tests of controls missing, or period, opinion or categories unknown), on judged_on; NULL without a party.';
