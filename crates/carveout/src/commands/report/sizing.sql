SELECT
    scenario,
    criteria,
    third_parties,
    naive_size,
    carve_out_size,
    inclusive_size,
    real_size,
    customer,
    shared,
    inherited,
    assess,
    not_applicable,
    report_reviews,
    vendor_assessments,
    evidence_requests,
    evidence_answered,
    hours_low,
    hours_likely,
    hours_high,
    hours_pert,
    incomplete_units
FROM scoping.sizing
WHERE scenario = getvariable('scenario');
