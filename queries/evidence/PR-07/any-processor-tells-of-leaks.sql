/* ---
title = "Report of a processor shows that leaks are told"
description = """
Processors have to be bound to report leaks. A current or bridged report on privacy that carries no exception or
qualification on the telling of breaches (P6.5, P6.6) shows that they do.
"""
tables = ["parties.evidence", "parties.report_exceptions", "parties.reports", "parties.third_parties"]

[check]
control = "PR-07"
criteria = ["P6.5"]
provider = "any"
resource_type = "third_party"
--- */
WITH processors AS (
    SELECT DISTINCT party_id
    FROM parties.evidence
    WHERE status IN ('live', 'dormant') AND strength IN ('can_read_data', 'sends_data_to')
),
privacy_reports AS (
    SELECT
        reports.party_id,
        bool_or(
            exceptions.report_id IS NOT NULL
            OR coalesce(list_has_any(reports.qualified_criteria, ['P6.5', 'P6.6']), false)
        ) AS is_excepted
    FROM parties.reports AS reports
    LEFT JOIN parties.report_exceptions AS exceptions
        ON exceptions.report_id = reports.report_id AND list_has_any(exceptions.criteria, ['P6.5', 'P6.6'])
    WHERE reports.reliance IN ('current', 'bridged') AND list_contains(reports.categories, 'privacy')
    GROUP BY reports.party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN processors.party_id IS NULL THEN 'not_applicable'
        WHEN privacy_reports.party_id IS NULL THEN 'unknown'
        WHEN privacy_reports.is_excepted THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN processors.party_id IS NULL THEN 'it processes no data of ours that the estate shows'
        WHEN privacy_reports.party_id IS NULL THEN 'no report on privacy: see the data processing agreement'
        WHEN privacy_reports.is_excepted THEN 'an exception or qualification on P6.5 or P6.6'
        ELSE 'its report on privacy has no exception on the telling of breaches'
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN processors ON processors.party_id = parties.party_id
LEFT JOIN privacy_reports ON privacy_reports.party_id = parties.party_id
ORDER BY resource_key;
