/* ---
title = "Finding of outside access has been dealt with"
description = """
Each way in from outside that the provider finds is either closed or archived as meant. An active finding of outside
access is one that nobody has judged.
"""
tables = ["inventory.resources"]

[check]
control = "AC-10"
criteria = ["CC6.1", "CC6.3", "CC6.6"]
provider = "aws"
resource_type = "AWS::AccessAnalyzer::Finding"
--- */
WITH findings AS (
    SELECT
        resource_key,
        config ->> '$.findingType' AS finding_type,
        config ->> '$.status' AS state,
        config ->> '$.resource' AS subject
    FROM inventory.resources
    WHERE type = 'AWS::AccessAnalyzer::Finding'
)

SELECT
    resource_key,
    CASE
        WHEN finding_type <> 'ExternalAccess' THEN 'not_applicable'
        WHEN state IS NULL THEN 'unknown'
        WHEN state = 'ACTIVE' THEN 'fail'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN finding_type <> 'ExternalAccess' THEN 'finding of another kind: ' || finding_type
        WHEN state IS NULL THEN 'state of the finding is not known'
        ELSE lower(state) || ': ' || coalesce(subject, 'no resource named')
    END AS reason
FROM findings
ORDER BY resource_key;
