/* ---
title = "What the party does for us is recorded"
description = """
The register has to say what each vendor is for and as what kind of service it is used, because which criteria it
bears on follows from that. Looks at parties that the estate shows or the register lists.
"""
tables = ["parties.evidence", "parties.third_parties"]

[check]
control = "VN-01"
criteria = ["CC9.2"]
provider = "any"
resource_type = "third_party"
--- */
WITH seen AS (
    SELECT party_id, count(DISTINCT resource_key) AS resources
    FROM parties.evidence
    WHERE status IN ('live', 'dormant')
    GROUP BY party_id
)
SELECT
    parties.party_id AS resource_key,
    CASE
        WHEN seen.party_id IS NULL AND NOT parties.in_register THEN 'not_applicable'
        WHEN parties.category IS NULL OR parties.service_model IS NULL THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN seen.party_id IS NULL AND NOT parties.in_register THEN 'neither in the estate nor in the register'
        WHEN parties.category IS NULL THEN 'what it does is not recorded'
        WHEN parties.service_model IS NULL THEN parties.category || ', but not how it is used (iaas, paas or saas)'
        ELSE parties.category || ', used as ' || parties.service_model
    END AS reason
FROM parties.third_parties AS parties
LEFT JOIN seen ON seen.party_id = parties.party_id
ORDER BY resource_key;
