/* ---
title = "Management account runs no workload"
description = """
Service control policies don't hold the management account back. Machines, functions and databases belong into member
accounts.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "NW-03"
criteria = ["CC6.1", "CC6.6"]
provider = "aws"
resource_type = "AWS::Organizations::Organization"
--- */
WITH workloads AS (
    SELECT scope_id, count(*) AS resources, string_agg(DISTINCT type, ', ' ORDER BY type) AS types
    FROM inventory.resources
    WHERE type IN ('AWS::EC2::Instance', 'AWS::RDS::DBInstance', 'AWS::ECS::Service', 'AWS::EKS::Cluster')
    GROUP BY scope_id
),

organizations AS (
    SELECT
        organizations.resource_key,
        workloads.resources,
        workloads.types,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.scope_id IN (organizations.config ->> '$.MasterAccountId', '*')
                AND gaps.type IN (
                    'AWS::EC2::Instance', 'AWS::RDS::DBInstance', 'AWS::ECS::Service', 'AWS::EKS::Cluster', '*'
                )
        ) AS is_gap
    FROM inventory.resources AS organizations
    LEFT JOIN workloads ON workloads.scope_id = (organizations.config ->> '$.MasterAccountId')
    WHERE organizations.type = 'AWS::Organizations::Organization'
)

SELECT
    resource_key,
    CASE WHEN resources > 0 THEN 'fail' WHEN is_gap THEN 'unknown' ELSE 'pass' END AS status,
    CASE
        WHEN resources > 0 THEN 'workloads: ' || resources || ' (' || types || ')'
        WHEN is_gap THEN 'workloads could not be listed everywhere'
        ELSE 'no workloads'
    END AS reason
FROM organizations
ORDER BY resource_key;
