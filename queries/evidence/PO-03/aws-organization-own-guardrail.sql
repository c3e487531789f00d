/* ---
title = "Organization has a service control policy of its own"
description = """
The policy that AWS puts in place allows everything. At least one policy of our own has to be there to hold accounts
back; where it is attached is shown by the organization.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "PO-03"
criteria = ["CC5.2", "CC6.1"]
provider = "aws"
resource_type = "AWS::Organizations::Organization"
--- */
WITH own_policies AS (
    SELECT scope_id, count(*) AS policies
    FROM inventory.resources
    WHERE type = 'AWS::Organizations::Policy' AND (config ->> '$.AwsManaged') = 'false'
    GROUP BY scope_id
),

organizations AS (
    SELECT
        organizations.resource_key,
        own_policies.policies,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.type IN ('AWS::Organizations::Policy', '*')
                AND gaps.scope_id IN (organizations.scope_id, '*')
        ) AS is_gap
    FROM inventory.resources AS organizations
    LEFT JOIN own_policies ON own_policies.scope_id = organizations.scope_id
    WHERE organizations.type = 'AWS::Organizations::Organization'
)

SELECT
    resource_key,
    CASE WHEN policies > 0 THEN 'pass' WHEN is_gap THEN 'unknown' ELSE 'fail' END AS status,
    CASE
        WHEN policies > 0 THEN 'policies of our own: ' || policies
        WHEN is_gap THEN 'policies could not be listed'
        ELSE 'only what AWS has put in place'
    END AS reason
FROM organizations
ORDER BY resource_key;
