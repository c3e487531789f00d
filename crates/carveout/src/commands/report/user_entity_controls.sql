SELECT cuecs.report_id, cuecs.cuec_ref, coalesce(cuecs.criteria, []) AS criteria, cuecs.description
FROM parties.user_entity_controls AS cuecs
INNER JOIN parties.reports AS reports ON reports.report_id = cuecs.report_id
ORDER BY reports.party_id NULLS LAST, cuecs.report_id, cuecs.cuec_ref, cuecs.description;
