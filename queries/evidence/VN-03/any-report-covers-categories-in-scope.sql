/* ---
title = "Report covers the categories of our audit"
description = """
A vendor's report answers only for the categories that it was made for; the others have to be shown in another way.
Takes together the current and bridged reports of each party and compares them with the current scenario.
"""
tables = ["parties.reports", "parties.third_parties", "scoping.scenarios"]

[check]
control = "VN-03"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH categories_in_scope AS (
    SELECT categories FROM scoping.scenarios WHERE scenario = 'current'
),
relied_on AS (
    SELECT
        party_id,
        flatten(list(coalesce(categories, []))) AS categories,
        bool_or(categories IS NULL OR len(categories) = 0) AS has_unknown_categories
    FROM parties.reports
    WHERE party_id IS NOT NULL AND reliance IN ('current', 'bridged')
    GROUP BY party_id
),
judged AS (
    SELECT
        relied_on.party_id,
        relied_on.has_unknown_categories,
        list_filter(
            categories_in_scope.categories,
            lambda category: NOT list_contains(relied_on.categories, category)
        ) AS missing
    FROM relied_on
    CROSS JOIN categories_in_scope
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN judged.party_id IS NULL THEN 'not_applicable'
        WHEN len(judged.missing) = 0 THEN 'pass'
        WHEN judged.has_unknown_categories THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN judged.party_id IS NULL THEN 'no report to rely on, or no scenario'
        WHEN len(judged.missing) = 0 THEN 'every category in scope is covered'
        WHEN judged.has_unknown_categories THEN 'the categories of a report are not known'
        ELSE 'not covered: ' || array_to_string(list_sort(judged.missing), ', ')
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN judged ON judged.party_id = parties.party_id
ORDER BY resource_key;
