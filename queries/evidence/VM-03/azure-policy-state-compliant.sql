/* ---
title = "Resource is compliant with the policy"
description = """
Policies are the baseline; each state says whether one resource keeps to one of them. States of exempt resources are
left out.
"""
tables = ["inventory.resources"]

[check]
control = "VM-03"
criteria = ["CC7.1", "CC5.2"]
provider = "azure"
resource_type = "microsoft.policyinsights/policystates"
--- */
WITH states AS (
    SELECT
        resource_key,
        list_contains(unread, 'properties') AS is_unread,
        coalesce(config ->> '$.properties.complianceState', 'not stated') AS compliance,
        coalesce(
            config ->> '$.properties.policyDefinitionName',
            config ->> '$.properties.policyAssignmentName',
            'policy'
        ) AS policy
    FROM inventory.resources
    WHERE type = 'microsoft.policyinsights/policystates'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN compliance = 'Compliant' THEN 'pass'
        WHEN compliance = 'NonCompliant' THEN 'fail'
        WHEN compliance = 'Exempt' THEN 'not_applicable'
        ELSE 'unknown'
    END AS status,
    CASE
        WHEN is_unread THEN 'the properties could not be read'
        WHEN compliance = 'Compliant' THEN 'compliant with ' || policy
        WHEN compliance = 'NonCompliant' THEN 'not compliant with ' || policy
        WHEN compliance = 'Exempt' THEN 'exempt from ' || policy
        ELSE 'compliance is ' || compliance
    END AS reason
FROM states
ORDER BY resource_key;
