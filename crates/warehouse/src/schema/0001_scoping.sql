-- Scenarios of an audit, what each asks for, and how big it is.
CREATE SCHEMA scoping;

CREATE TABLE scoping.scenarios (
    scenario VARCHAR NOT NULL,
    categories VARCHAR[],
    report_type VARCHAR NOT NULL,
    period_start DATE NOT NULL,
    period_end DATE NOT NULL,
    frameworks_in_place VARCHAR[],
    without_parties VARCHAR[],
    sized_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE scoping.scenarios IS 'What each scenario covers.';
COMMENT ON COLUMN scoping.scenarios.scenario IS 'Its name.';
COMMENT ON COLUMN scoping.scenarios.categories IS 'The categories; security is among them.';
COMMENT ON COLUMN scoping.scenarios.report_type IS 'type1 or type2.';
COMMENT ON COLUMN scoping.scenarios.period_start IS 'First day of the audit period.';
COMMENT ON COLUMN scoping.scenarios.period_end IS 'Last day of the audit period.';
COMMENT ON COLUMN scoping.scenarios.frameworks_in_place IS 'Frameworks whose evidence may be reused.';
COMMENT ON COLUMN scoping.scenarios.without_parties IS 'Third parties that were left out by hand.';
COMMENT ON COLUMN scoping.scenarios.sized_at IS 'When it was sized (UTC).';

CREATE TABLE scoping.obligations (
    scenario VARCHAR NOT NULL,
    control_id VARCHAR NOT NULL,
    criterion_id VARCHAR NOT NULL,
    party_id VARCHAR NOT NULL,
    treatment VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    basis VARCHAR[],
    report_id VARCHAR,
    evidence_requests INTEGER NOT NULL,
    evidence_answered INTEGER NOT NULL,
    population BIGINT,
    sample_size INTEGER,
    hours_low DOUBLE NOT NULL,
    hours_likely DOUBLE NOT NULL,
    hours_high DOUBLE NOT NULL,
    reused_from VARCHAR
);
COMMENT ON TABLE scoping.obligations IS 'This control has to be shown for this party, for this criterion; or why not.';
COMMENT ON COLUMN scoping.obligations.scenario IS 'The scenario.';
COMMENT ON COLUMN scoping.obligations.control_id IS 'The control.';
COMMENT ON COLUMN scoping.obligations.criterion_id IS 'The criterion.';
COMMENT ON COLUMN scoping.obligations.party_id IS 'The third party.';
COMMENT ON COLUMN scoping.obligations.treatment IS 'customer, shared, inherited, assess or not_applicable. A control repeats where it is customer, shared or assess.';
COMMENT ON COLUMN scoping.obligations.owner IS 'Who owns the control here: provider, customer, shared, outsourced_to_third_party, shared_with_third_party or not_applicable.';
COMMENT ON COLUMN scoping.obligations.basis IS 'The reasons, in the order in which they decided.';
COMMENT ON COLUMN scoping.obligations.report_id IS 'The report that is relied on.';
COMMENT ON COLUMN scoping.obligations.evidence_requests IS 'Pieces of evidence asked for.';
COMMENT ON COLUMN scoping.obligations.evidence_answered IS 'How many of those the inventory answers.';
COMMENT ON COLUMN scoping.obligations.population IS 'What the control is tested on, where the inventory knows how much there is.';
COMMENT ON COLUMN scoping.obligations.sample_size IS 'Samples to draw, where the control operates over a period.';
COMMENT ON COLUMN scoping.obligations.hours_low IS 'Hours, optimistic.';
COMMENT ON COLUMN scoping.obligations.hours_likely IS 'Hours, most likely.';
COMMENT ON COLUMN scoping.obligations.hours_high IS 'Hours, pessimistic.';
COMMENT ON COLUMN scoping.obligations.reused_from IS 'framework:control whose evidence is reused.';

CREATE TABLE scoping.sizing (
    scenario VARCHAR NOT NULL,
    criteria INTEGER NOT NULL,
    third_parties INTEGER NOT NULL,
    naive_size INTEGER NOT NULL,
    carve_out_size INTEGER NOT NULL,
    inclusive_size INTEGER NOT NULL,
    real_size INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    shared INTEGER NOT NULL,
    inherited INTEGER NOT NULL,
    assess INTEGER NOT NULL,
    not_applicable INTEGER NOT NULL,
    report_reviews INTEGER NOT NULL,
    vendor_assessments INTEGER NOT NULL,
    evidence_requests INTEGER NOT NULL,
    evidence_answered INTEGER NOT NULL,
    hours_low DOUBLE NOT NULL,
    hours_likely DOUBLE NOT NULL,
    hours_high DOUBLE NOT NULL,
    hours_pert DOUBLE NOT NULL,
    incomplete_units INTEGER NOT NULL
);
COMMENT ON TABLE scoping.sizing IS 'The size of each scenario.';
COMMENT ON COLUMN scoping.sizing.scenario IS 'The scenario.';
COMMENT ON COLUMN scoping.sizing.criteria IS 'Criteria of the chosen categories.';
COMMENT ON COLUMN scoping.sizing.third_parties IS 'Third parties in scope.';
COMMENT ON COLUMN scoping.sizing.naive_size IS 'criteria × third_parties: each for each.';
COMMENT ON COLUMN scoping.sizing.carve_out_size IS '(criterion, party) pairs left when every report is relied on and nothing is tested at the vendor.';
COMMENT ON COLUMN scoping.sizing.inclusive_size IS '(criterion, party) pairs when subservice organizations are tested at their sites.';
COMMENT ON COLUMN scoping.sizing.real_size IS '(criterion, party) pairs that really repeat.';
COMMENT ON COLUMN scoping.sizing.customer IS 'Obligations that we own outright.';
COMMENT ON COLUMN scoping.sizing.shared IS 'Obligations that both own part of.';
COMMENT ON COLUMN scoping.sizing.inherited IS 'Obligations that a report answers.';
COMMENT ON COLUMN scoping.sizing.assess IS 'Obligations that need a direct assessment of the vendor.';
COMMENT ON COLUMN scoping.sizing.not_applicable IS 'Pairs that have no bearing on each other.';
COMMENT ON COLUMN scoping.sizing.report_reviews IS 'Reports to review.';
COMMENT ON COLUMN scoping.sizing.vendor_assessments IS 'Vendors to assess directly.';
COMMENT ON COLUMN scoping.sizing.evidence_requests IS 'Pieces of evidence asked for.';
COMMENT ON COLUMN scoping.sizing.evidence_answered IS 'Pieces of evidence that the inventory answers.';
COMMENT ON COLUMN scoping.sizing.hours_low IS 'Hours, optimistic.';
COMMENT ON COLUMN scoping.sizing.hours_likely IS 'Hours, most likely.';
COMMENT ON COLUMN scoping.sizing.hours_high IS 'Hours, pessimistic.';
COMMENT ON COLUMN scoping.sizing.hours_pert IS 'PERT mean of the hours.';
COMMENT ON COLUMN scoping.sizing.incomplete_units IS 'Coverage rows that are not ok: what the size can''t know.';
