-- One report as (section, reference, criteria, text) rows: its facts, then what it hands back and what was found, its
-- versions, and what else its vendor has sent. Or one document that is no SOC 2 report, with its facts.
WITH chosen AS (
    SELECT reports.report_id
    FROM parties.reports AS reports
    WHERE reports.report_id = getvariable('report') OR reports.party_id = getvariable('report')
    ORDER BY coalesce(reports.period_end, reports.as_of) DESC, reports.report_id
    LIMIT 1
),
found AS (
    SELECT chosen.report_id, min(concat_ws(': ', replace(names.rule, '_', ' '), names.matched)) AS rule
    FROM chosen
    INNER JOIN parties.reports AS reports ON reports.report_id = chosen.report_id
    INNER JOIN parties.report_documents AS documents ON documents.report_id = chosen.report_id
    INNER JOIN parties.names AS names
        ON names.party_id = reports.party_id
        AND names.name = reports.organization
        AND names.place = 'report'
        -- Reports of one organization may come with the party's id and without.
        AND (names.rule = 'given') = (documents.document ->> '$.party_id' IS NOT NULL)
    GROUP BY chosen.report_id
),
others AS (
    SELECT documents.document_id = getvariable('report') AS is_named, documents.document_id, documents.kind,
        documents.party_id, documents.organization, documents.title, documents.standard, documents.issuer,
        documents.report_type, documents.period_start, documents.period_end, documents.as_of, documents.issued_on,
        documents.valid_from, documents.valid_until, documents.reliance, documents.limits, documents.source
    FROM parties.other_documents AS documents
    WHERE documents.document_id = getvariable('report')
        OR documents.party_id = getvariable('report')
        OR documents.party_id = (
            SELECT reports.party_id
            FROM parties.reports AS reports
            INNER JOIN chosen ON chosen.report_id = reports.report_id
        )
),
lines AS (
    SELECT 0 AS section_order, 'report' AS section, fact.reference, CAST(NULL AS VARCHAR[]) AS criteria, fact.text
    FROM parties.reports AS reports
    INNER JOIN chosen ON chosen.report_id = reports.report_id
    LEFT JOIN found ON found.report_id = reports.report_id
    CROSS JOIN LATERAL (
        VALUES
            ('01 report', reports.report_id),
            ('02 party', reports.party_id),
            ('02 party found by', found.rule),
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
    UNION ALL
    SELECT 5, 'version', versions.source_sha256[1:12], NULL,
        concat_ws(
            ', ',
            'imported ' || strftime(versions.imported_at, '%Y-%m-%d') || ' from ' || versions.source,
            'superseded by ' || versions.superseded_by || ' (' || versions.superseded_because || ')'
        )
    FROM parties.report_versions AS versions
    INNER JOIN chosen ON chosen.report_id = versions.report_id
    UNION ALL
    SELECT 6, 'other document', others.document_id, NULL,
        others.kind || ' (' || others.reliance || '): ' || others.limits
    FROM others
    WHERE NOT others.is_named
    UNION ALL
    SELECT 7, 'document', fact.reference, NULL, fact.text
    FROM others
    CROSS JOIN LATERAL (
        VALUES
            ('01 document', others.document_id),
            ('02 kind', others.kind),
            ('03 party', others.party_id),
            ('04 organization', others.organization),
            ('05 title', others.title),
            ('06 standard', others.standard),
            ('07 issuer', others.issuer),
            ('08 type', others.report_type),
            ('09 period start', CAST(others.period_start AS VARCHAR)),
            ('10 period end', CAST(others.period_end AS VARCHAR)),
            ('11 as of', CAST(others.as_of AS VARCHAR)),
            ('12 issued on', CAST(others.issued_on AS VARCHAR)),
            ('13 valid from', CAST(others.valid_from AS VARCHAR)),
            ('14 valid until', CAST(others.valid_until AS VARCHAR)),
            ('15 reliance', others.reliance),
            ('16 limits', others.limits),
            ('17 source', others.source)
    ) AS fact (reference, text)
    WHERE others.is_named AND fact.text IS NOT NULL
)
SELECT section, reference, criteria, text
FROM lines
ORDER BY section_order, reference NULLS LAST, text;
