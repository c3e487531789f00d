-- One report as (section, reference, criteria, text) rows: its facts, then what it hands back and what was found.
WITH chosen AS (
    SELECT reports.report_id
    FROM parties.reports AS reports
    WHERE reports.report_id = getvariable('report') OR reports.party_id = getvariable('report')
    ORDER BY coalesce(reports.period_end, reports.as_of) DESC, reports.report_id
    LIMIT 1
),
lines AS (
    SELECT 0 AS section_order, 'report' AS section, fact.reference, CAST(NULL AS VARCHAR[]) AS criteria, fact.text
    FROM parties.reports AS reports
    INNER JOIN chosen ON chosen.report_id = reports.report_id
    CROSS JOIN LATERAL (
        VALUES
            ('01 report', reports.report_id),
            ('02 party', reports.party_id),
            ('03 organization', reports.organization),
            ('04 system', reports.system),
            ('05 auditor', reports.auditor),
            ('06 type', reports.report_type),
            ('07 period start', CAST(reports.period_start AS VARCHAR)),
            ('08 period end', CAST(coalesce(reports.period_end, reports.as_of) AS VARCHAR)),
            ('09 issued on', CAST(reports.issued_on AS VARCHAR)),
            ('10 opinion', reports.opinion),
            ('11 categories', array_to_string(reports.categories, ', ')),
            ('12 reliance', reports.reliance),
            ('13 source', reports.source)
    ) AS fact (reference, text)
    WHERE fact.text IS NOT NULL
    UNION ALL
    SELECT 1, 'subservice organization', subservice.party_id, NULL, subservice.name || ' (' || subservice.method || ')'
    FROM parties.subservice_organizations AS subservice
    INNER JOIN chosen ON chosen.report_id = subservice.report_id
    UNION ALL
    SELECT 2, 'user entity control', cuec.cuec_ref, cuec.criteria, cuec.description
    FROM parties.user_entity_controls AS cuec
    INNER JOIN chosen ON chosen.report_id = cuec.report_id
    UNION ALL
    SELECT 3, 'subservice control', csoc.csoc_ref, csoc.criteria, csoc.description
    FROM parties.subservice_controls AS csoc
    INNER JOIN chosen ON chosen.report_id = csoc.report_id
    UNION ALL
    SELECT 4, 'exception', exceptions.control_ref, exceptions.criteria, exceptions.description
    FROM parties.report_exceptions AS exceptions
    INNER JOIN chosen ON chosen.report_id = exceptions.report_id
)
SELECT section, reference, criteria, text
FROM lines
ORDER BY section_order, reference NULLS LAST, text;
