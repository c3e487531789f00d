/* ---
title = "No exception falls on a criterion in scope"
description = """
Exceptions bear on us where they touch criteria of the categories that our own audit covers: there the vendor's
control can't be inherited without more. Looks at the newest report of each party against the current scenario.
"""
tables = [
    "controls.criteria",
    "parties.report_exceptions",
    "parties.reports",
    "parties.third_parties",
    "scoping.scenarios",
]

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
in_scope AS (
    SELECT coalesce(list(criteria.criterion_id), []) AS criteria
    FROM controls.criteria AS criteria
    INNER JOIN scoping.scenarios AS scenarios
        ON scenarios.scenario = 'current' AND list_contains(scenarios.categories, criteria.category)
),
touched AS (
    SELECT
        report_id,
        count(*) AS exceptions,
        count(*) FILTER (WHERE criteria IS NULL OR len(criteria) = 0) AS without_criteria,
        list_sort(list_distinct(flatten(list(criteria)))) AS criteria
    FROM parties.report_exceptions
    GROUP BY report_id
),
judged AS (
    SELECT
        latest_reports.party_id,
        touched.exceptions,
        touched.without_criteria,
        list_filter(touched.criteria, lambda criterion: list_contains(in_scope.criteria, criterion)) AS criteria
    FROM latest_reports
    CROSS JOIN in_scope
    LEFT JOIN touched ON touched.report_id = latest_reports.report_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN judged.party_id IS NULL THEN 'not_applicable'
        WHEN len(judged.criteria) > 0 THEN 'fail'
        WHEN judged.without_criteria > 0 THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN judged.party_id IS NULL THEN 'no report is held'
        WHEN judged.exceptions IS NULL THEN 'no exceptions noted'
        WHEN len(judged.criteria) > 0
            THEN 'exceptions on criteria in scope: ' || array_to_string(judged.criteria, ', ')
        WHEN judged.without_criteria > 0 THEN 'exceptions that name no criterion: ' || judged.without_criteria
        ELSE 'exceptions on criteria out of scope only: ' || judged.exceptions
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN judged ON judged.party_id = parties.party_id
ORDER BY resource_key;
