-- One report or other document as (field, value, page, place, quote, confidence, source) rows: what was read, where, and
-- how surely; then what a card says over it, and what was not found.
WITH chosen AS (
    SELECT told.source, told.extraction
    FROM (
        SELECT
            0 AS preference,
            reports.report_id AS id,
            coalesce(reports.period_end, reports.as_of) AS day,
            reports.source,
            reports.extraction
        FROM parties.reports AS reports
        WHERE reports.report_id = getvariable('report') OR reports.party_id = getvariable('report')
        UNION ALL
        SELECT
            1,
            documents.document_id,
            coalesce(documents.period_end, documents.as_of, documents.issued_on, documents.valid_from),
            documents.source,
            documents.extraction
        FROM parties.other_documents AS documents
        WHERE documents.document_id = getvariable('report') OR documents.party_id = getvariable('report')
    ) AS told
    ORDER BY told.preference, told.day DESC, told.id
    LIMIT 1
),
overridden AS (
    SELECT unnest(CAST(chosen.extraction -> 'overridden' AS JSON[])) AS entry, chosen.extraction FROM chosen
),
fields AS (
    SELECT
        unnest(CAST(chosen.extraction -> 'fields' AS JSON[])) AS entry,
        generate_subscripts(CAST(chosen.extraction -> 'fields' AS JSON[]), 1) AS position,
        chosen.source
    FROM chosen
),
bridge AS (
    SELECT
        unnest(CAST(chosen.extraction -> 'bridge' -> 'fields' AS JSON[])) AS entry,
        chosen.extraction -> 'bridge' ->> 'source' AS source
    FROM chosen
),
missing AS (
    SELECT unnest(CAST(chosen.extraction -> 'not_found' AS JSON[])) AS entry FROM chosen
),
warnings AS (
    SELECT unnest(CAST(chosen.extraction -> 'warnings' AS JSON[])) AS entry FROM chosen
),
lines AS (
    SELECT
        0 AS line_order,
        fields.position,
        fields.entry ->> 'field' AS field,
        fields.entry ->> 'value' AS value,
        CAST(fields.entry ->> 'page' AS INTEGER) AS page,
        fields.entry ->> 'place' AS place,
        fields.entry ->> 'quote' AS quote,
        CAST(fields.entry ->> 'confidence' AS DOUBLE) AS confidence,
        fields.source
    FROM fields
    UNION ALL
    SELECT 1, NULL, bridge.entry ->> 'field', bridge.entry ->> 'value', CAST(bridge.entry ->> 'page' AS INTEGER), NULL,
        bridge.entry ->> 'quote', CAST(bridge.entry ->> 'confidence' AS DOUBLE), bridge.source
    FROM bridge
    UNION ALL
    SELECT 2, NULL, overridden.entry ->> 'field', overridden.entry ->> 'card', NULL, NULL,
        'the card says so; the PDF says ' || (overridden.entry ->> 'pdf'), 1.0,
        overridden.extraction -> 'card' ->> 'source'
    FROM overridden
    UNION ALL
    SELECT 3, NULL, missing.entry ->> '$', NULL, NULL, NULL, 'not found', NULL, NULL
    FROM missing
    UNION ALL
    SELECT 4, NULL, 'warning', NULL, NULL, NULL, warnings.entry ->> '$', NULL, NULL
    FROM warnings
)
SELECT field, value, page, place, quote, confidence, source
FROM lines
ORDER BY line_order, position, field, value;
