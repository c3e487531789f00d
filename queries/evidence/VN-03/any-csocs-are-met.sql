/* ---
title = "Controls assumed of subservice organizations are shown by their reports"
description = """
A vendor's report assumes complementary subservice organization controls (CSOCs) of its own providers. Each needs a
current or bridged report of that provider whose categories include the criterion's and that has no exception or
qualification on it.
"""
tables = [
    "controls.criteria",
    "parties.report_exceptions",
    "parties.reports",
    "parties.subservice_controls",
    "parties.third_parties",
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
assumed AS (
    SELECT
        latest_reports.party_id,
        csocs.csoc_ref,
        csocs.party_id AS provider_id,
        unnest(csocs.criteria) AS criterion_id
    FROM latest_reports
    INNER JOIN parties.subservice_controls AS csocs ON csocs.report_id = latest_reports.report_id
),
shown AS (
    SELECT DISTINCT reports.party_id, criteria.criterion_id
    FROM parties.reports AS reports
    INNER JOIN controls.criteria AS criteria ON list_contains(reports.categories, criteria.category)
    LEFT JOIN parties.report_exceptions AS exceptions
        ON exceptions.report_id = reports.report_id AND list_contains(exceptions.criteria, criteria.criterion_id)
    WHERE
        reports.reliance IN ('current', 'bridged')
        AND NOT coalesce(list_contains(reports.qualified_criteria, criteria.criterion_id), false)
        AND exceptions.report_id IS NULL
),
counted AS (
    SELECT
        assumed.party_id,
        count(*) AS assumptions,
        count(*) FILTER (WHERE assumed.provider_id IS NULL) AS unnamed,
        string_agg(
            assumed.csoc_ref || ' of ' || assumed.provider_id || ' on ' || assumed.criterion_id, '; '
            ORDER BY assumed.csoc_ref, assumed.criterion_id
        ) FILTER (WHERE shown.party_id IS NULL AND assumed.provider_id IS NOT NULL) AS unmet
    FROM assumed
    LEFT JOIN shown ON shown.party_id = assumed.provider_id AND shown.criterion_id = assumed.criterion_id
    GROUP BY assumed.party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN counted.party_id IS NULL THEN 'not_applicable'
        WHEN counted.unmet IS NOT NULL THEN 'fail'
        WHEN counted.unnamed > 0 THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN counted.party_id IS NULL THEN 'no report is held, or it assumes nothing by criterion'
        WHEN counted.unmet IS NOT NULL THEN 'not shown by a report in hand: ' || counted.unmet
        WHEN counted.unnamed > 0 THEN 'assumed of a provider that nobody has named: ' || counted.unnamed
        ELSE 'shown by reports in hand: ' || counted.assumptions
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN counted ON counted.party_id = parties.party_id
ORDER BY resource_key;
