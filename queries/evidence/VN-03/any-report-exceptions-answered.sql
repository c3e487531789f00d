/* ---
title = "Exceptions in the newest report have an answer of management"
description = """
An exception that the vendor's management leaves without a response gives the reader nothing to weigh. Every exception
of the newest report has to carry one.
"""
tables = ["parties.report_exceptions", "parties.reports", "parties.third_parties"]

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH latest_reports AS (
    SELECT report_id, party_id, period_end, as_of
    FROM parties.reports
    WHERE party_id IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY party_id ORDER BY coalesce(period_end, as_of) DESC NULLS LAST, report_id DESC
    ) = 1
),
exceptions AS (
    SELECT
        report_id,
        count(*) AS noted,
        count(*) FILTER (WHERE management_response IS NULL) AS unanswered,
        string_agg(control_ref, ', ' ORDER BY control_ref) FILTER (WHERE management_response IS NULL) AS unanswered_refs
    FROM parties.report_exceptions
    GROUP BY report_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN exceptions.report_id IS NULL THEN 'not_applicable'
        WHEN exceptions.unanswered = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'no report is held'
        WHEN exceptions.report_id IS NULL THEN 'no exceptions noted'
        WHEN exceptions.unanswered = 0 THEN 'exceptions noted and answered: ' || exceptions.noted
        ELSE exceptions.unanswered || ' of ' || exceptions.noted || ' exceptions without an answer: '
            || exceptions.unanswered_refs
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN latest_reports ON latest_reports.party_id = parties.party_id
LEFT JOIN exceptions ON exceptions.report_id = latest_reports.report_id
ORDER BY resource_key;
