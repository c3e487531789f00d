/* ---
title = "Reports of carved-out subservice organizations are held"
description = """
What a vendor carves out is shown by nobody unless the subservice organization's own report is read. For each one that
the newest report carves out, a current or bridged report has to be held.
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
relied_on AS (
    SELECT DISTINCT party_id FROM parties.reports WHERE reliance IN ('current', 'bridged') AND party_id IS NOT NULL
),
carved_out AS (
    SELECT
        latest_reports.party_id,
        count(*) AS organizations,
        string_agg(subservices.name, ', ' ORDER BY subservices.name)
            FILTER (WHERE relied_on.party_id IS NULL AND subservices.party_id IS NOT NULL) AS without_report,
        string_agg(subservices.name, ', ' ORDER BY subservices.name)
            FILTER (WHERE subservices.party_id IS NULL) AS unnamed
    FROM latest_reports
    INNER JOIN parties.subservice_organizations AS subservices
        ON subservices.report_id = latest_reports.report_id AND subservices.method = 'carve_out'
    LEFT JOIN relied_on ON relied_on.party_id = subservices.party_id
    GROUP BY latest_reports.party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN carved_out.party_id IS NULL THEN 'not_applicable'
        WHEN carved_out.without_report IS NOT NULL THEN 'fail'
        WHEN carved_out.unnamed IS NOT NULL THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN carved_out.party_id IS NULL THEN 'no report is held, or it carves nobody out'
        WHEN carved_out.without_report IS NOT NULL THEN 'no report to rely on for ' || carved_out.without_report
        WHEN carved_out.unnamed IS NOT NULL THEN 'nobody has said who is meant by ' || carved_out.unnamed
        ELSE 'reports to rely on for all ' || carved_out.organizations || ' carved-out organizations'
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN carved_out ON carved_out.party_id = parties.party_id
ORDER BY resource_key;
