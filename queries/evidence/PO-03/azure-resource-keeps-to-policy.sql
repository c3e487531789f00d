/* ---
title = "Resource keeps to the policies in force"
description = """
A guardrail is worth what it holds. Every judgement of Azure Policy has to be compliant; exempt ones are left out.
"""
tables = ["inventory.resources"]

[check]
control = "PO-03"
criteria = ["CC5.2"]
provider = "azure"
resource_type = "microsoft.policyinsights/policystates"
--- */
WITH judgements AS (
    SELECT
        resource_key,
        lower(config ->> '$.properties.complianceState') AS state,
        config ->> '$.properties.policyDefinitionName' AS policy
    FROM inventory.resources
    WHERE type = 'microsoft.policyinsights/policystates'
)

SELECT
    resource_key,
    CASE state
        WHEN 'compliant' THEN 'pass'
        WHEN 'noncompliant' THEN 'fail'
        WHEN 'exempt' THEN 'not_applicable'
        ELSE 'unknown'
    END AS status,
    coalesce(state, 'not judged') || coalesce(' by policy ' || policy, '') AS reason
FROM judgements
ORDER BY resource_key;
