SELECT kind, control_id, party_id, report_id, criterion_ids, obligations, what
FROM scoping.gaps
WHERE scenario = getvariable('scenario')
ORDER BY
    len(criterion_ids) DESC, obligations DESC, kind, control_id NULLS LAST, party_id, report_id NULLS LAST, what;
