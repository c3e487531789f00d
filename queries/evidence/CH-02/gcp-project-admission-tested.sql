/* ---
title = "Deployments ask for an attestation"
description = """
An attestation is given when the tests have passed; the policy refuses images without one. Looks at the default
rule.
"""
tables = ["inventory.resources"]

[check]
control = "CH-02"
criteria = ["CC8.1"]
provider = "gcp"
resource_type = "binaryauthorization.googleapis.com/Policy"
--- */
WITH policies AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.defaultAdmissionRule.evaluationMode', 'ALWAYS_ALLOW') AS evaluation,
        len(json_extract(config, '$.defaultAdmissionRule.requireAttestationsBy[*]')) AS attestors
    FROM inventory.resources
    WHERE type = 'binaryauthorization.googleapis.com/Policy'
)
SELECT
    resource_key,
    CASE
        WHEN evaluation = 'ALWAYS_DENY' THEN 'pass'
        WHEN evaluation = 'REQUIRE_ATTESTATION' AND attestors > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN evaluation = 'ALWAYS_DENY' THEN 'nothing is admitted by default'
        WHEN evaluation = 'REQUIRE_ATTESTATION' AND attestors > 0 THEN attestors || ' attestors'
        ELSE 'no attestation is asked for'
    END AS reason
FROM policies
ORDER BY resource_key;
