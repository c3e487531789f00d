-- One party as (section, reference, text) rows: who it is, what shows it, what hangs on it, and its reports.
WITH lines AS (
    SELECT 0 AS section_order, 'party' AS section, fact.reference, fact.text
    FROM parties.third_parties AS parties
    CROSS JOIN LATERAL (
        VALUES
            ('01 party_id', parties.party_id),
            ('02 name', parties.name),
            ('03 domain', parties.domain),
            ('04 category', parties.category),
            ('05 service model', parties.service_model),
            ('06 known from', parties.origin),
            ('07 in the register', CASE WHEN parties.in_register THEN 'yes' ELSE 'no' END),
            ('08 strongest evidence', parties.relation_strength),
            ('09 first seen in run', CAST(parties.first_seen_run AS VARCHAR))
    ) AS fact (reference, text)
    WHERE parties.party_id = getvariable('party') AND fact.text IS NOT NULL
    UNION ALL
    SELECT 1, 'reach', reach.depth || CASE WHEN reach.depth = 1 THEN ' step' ELSE ' steps' END,
        array_to_string(reach.path, ' > ')
    FROM graph.reach AS reach
    WHERE reach.party_id = getvariable('party')
    UNION ALL
    SELECT 2, 'what hangs on it', fact.reference, fact.text
    FROM graph.concentration AS concentration
    CROSS JOIN LATERAL (
        VALUES
            ('1 resources', CAST(concentration.resources AS VARCHAR)),
            ('2 scopes', CAST(concentration.scopes AS VARCHAR)),
            ('3 dependent parties', CAST(concentration.total_dependents AS VARCHAR)),
            ('4 parties behind it alone', CAST(concentration.dominates AS VARCHAR))
    ) AS fact (reference, text)
    WHERE concentration.party_id = getvariable('party')
    UNION ALL
    SELECT 3, 'relation', edges.relation,
        concat_ws(', ', edges.strength, edges.evidence_count || ' rows', 'confidence ' || round(edges.confidence, 2))
    FROM graph.edges AS edges
    WHERE edges.from_id = 'organization' AND edges.to_id = 'party:' || getvariable('party')
    UNION ALL
    SELECT 4, 'depends on', substr(edges.to_id, 7), edges.relation
    FROM graph.edges AS edges
    WHERE edges.from_id = 'party:' || getvariable('party') AND starts_with(edges.to_id, 'party:')
    UNION ALL
    SELECT 5, 'report', reports.report_id,
        concat_ws(
            ', ',
            reports.report_type,
            coalesce(reports.reliance, 'not_evaluable'),
            'until ' || coalesce(reports.period_end, reports.as_of)
        )
    FROM parties.reports AS reports
    WHERE reports.party_id = getvariable('party')
    UNION ALL
    SELECT 5, 'other document', documents.document_id,
        concat_ws(
            ', ',
            documents.kind,
            documents.reliance,
            'until ' || coalesce(documents.valid_until, documents.period_end, documents.as_of, documents.issued_on)
        )
    FROM parties.other_documents AS documents
    WHERE documents.party_id = getvariable('party')
    UNION ALL
    SELECT 6, 'name', names.name, concat_ws(': ', replace(names.place || ', ' || names.rule, '_', ' '), names.matched)
    FROM parties.names AS names
    WHERE names.party_id = getvariable('party')
    UNION ALL
    SELECT 7, 'evidence', evidence.status || ' ' || evidence.strength || ' ' || evidence.signal,
        evidence.resource_key || ' ' || coalesce(evidence.detail ->> '$.path', '')
        || coalesce(' = ' || (evidence.detail ->> '$.value'), '')
    FROM parties.evidence AS evidence
    WHERE evidence.party_id = getvariable('party')
)
SELECT section, reference, text
FROM lines
ORDER BY section_order, reference, text;
