-- Why a party is in scope: the way to it, then every row of evidence with the exact path and value.
SELECT 'path' AS what, reach.depth AS depth, 'depends on' AS relation, NULL AS strength, NULL AS status,
    array_to_string(reach.path, ' > ') AS shown_by, NULL AS value
FROM graph.reach AS reach
WHERE reach.party_id = getvariable('party')
UNION ALL
SELECT 'report' AS what, NULL, 'subservice_of', NULL, subservice.method,
    reports.organization || ' (' || subservice.report_id || ')', subservice.services
FROM parties.subservice_organizations AS subservice
INNER JOIN parties.reports AS reports ON reports.report_id = subservice.report_id
WHERE subservice.party_id = getvariable('party')
UNION ALL
SELECT 'evidence' AS what, 1, evidence.relation, evidence.strength, evidence.status,
    evidence.resource_key || ' ' || coalesce(evidence.detail ->> '$.path', ''), evidence.detail ->> '$.value'
FROM parties.evidence AS evidence
WHERE evidence.party_id = getvariable('party')
ORDER BY what DESC, depth, relation, shown_by, value;
