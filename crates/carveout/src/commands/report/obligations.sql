SELECT
    control_id,
    criterion_id,
    party_id,
    treatment,
    owner,
    coalesce(basis, []) AS basis,
    report_id,
    evidence_requests,
    evidence_answered,
    population,
    sample_size
FROM scoping.obligations
WHERE scenario = getvariable('scenario')
ORDER BY criterion_id, control_id, party_id;
