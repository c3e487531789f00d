/* ---
title = "Vendor of telemetry has a report that covers confidentiality"
description = """
Logs carry names, tokens and addresses, so whoever receives them keeps confidential data of ours. Looks at parties
that receive telemetry and at observability vendors that receive data: a current or bridged report with
confidentiality in it is needed.
"""
tables = ["parties.evidence", "parties.reports", "parties.third_parties"]

[check]
control = "LG-06"
criteria = ["CC7.2", "CC6.7", "C1.1"]
provider = "any"
resource_type = "third_party"
--- */
WITH receivers AS (
    SELECT evidence.party_id, count(DISTINCT evidence.resource_key) AS resources
    FROM parties.evidence AS evidence
    INNER JOIN parties.third_parties AS parties ON parties.party_id = evidence.party_id
    WHERE
        evidence.status IN ('live', 'dormant')
        AND (
            evidence.relation = 'receives_telemetry'
            OR (evidence.relation = 'receives_data' AND parties.category = 'observability')
        )
    GROUP BY evidence.party_id
),
relied_on AS (
    SELECT
        party_id,
        bool_or(list_contains(categories, 'confidentiality')) AS covers_confidentiality
    FROM parties.reports
    WHERE reliance IN ('current', 'bridged')
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN receivers.party_id IS NULL THEN 'not_applicable'
        WHEN relied_on.covers_confidentiality THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN receivers.party_id IS NULL THEN 'no telemetry is sent to it'
        WHEN relied_on.party_id IS NULL THEN 'no report to rely on; fed by ' || receivers.resources || ' resources'
        WHEN relied_on.covers_confidentiality THEN 'its report covers confidentiality'
        ELSE 'its report does not cover confidentiality'
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN receivers ON receivers.party_id = parties.party_id
LEFT JOIN relied_on ON relied_on.party_id = parties.party_id
ORDER BY resource_key;
