/* ---
title = "Subservice organizations of the report are known parties"
description = """
A subservice organization that is only a printed name is missing from the dependency graph, and nobody asks for its
report. Each one in the newest report has to be matched to a party.
"""
tables = ["parties.reports", "parties.subservice_organizations", "parties.third_parties"]

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
organizations AS (
    SELECT
        report_id,
        count(*) AS named,
        string_agg(name, ', ' ORDER BY name) FILTER (WHERE party_id IS NULL) AS unmatched
    FROM parties.subservice_organizations
    GROUP BY report_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN organizations.report_id IS NULL THEN 'not_applicable'
        WHEN organizations.unmatched IS NULL THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN latest_reports.party_id IS NULL THEN 'no report is held'
        WHEN organizations.report_id IS NULL THEN 'the report names none'
        WHEN organizations.unmatched IS NULL THEN 'all ' || organizations.named || ' are known parties'
        ELSE 'nobody has said who is meant by ' || organizations.unmatched
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN latest_reports ON latest_reports.party_id = parties.party_id
LEFT JOIN organizations ON organizations.report_id = latest_reports.report_id
ORDER BY resource_key;
