/* ---
title = "Region collects its findings"
description = """
Every region that the account can use needs Security Hub, so that findings come together. Regions that are switched
off are left out.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "MN-02"
criteria = ["CC4.1", "CC7.1"]
provider = "aws"
resource_type = "AWS::Account::Region"
--- */
WITH regions AS (
    SELECT
        regions.resource_key,
        coalesce(regions.config ->> '$.RegionOptStatus', 'not stated') AS option,
        EXISTS (
            SELECT 1
            FROM inventory.resources AS found
            WHERE found.type = 'AWS::SecurityHub::Hub'
                AND found.scope_id = regions.scope_id
                AND found.region = (regions.config ->> '$.RegionName')
        ) AS is_found,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.scope_id IN (regions.scope_id, '*')
                AND gaps.region IN (regions.config ->> '$.RegionName', '*')
                AND gaps.type IN ('AWS::SecurityHub::Hub', '*')
        ) AS is_hidden
    FROM inventory.resources AS regions
    WHERE regions.type = 'AWS::Account::Region'
)
SELECT
    resource_key,
    CASE
        WHEN option NOT IN ('ENABLED', 'ENABLED_BY_DEFAULT') THEN 'not_applicable'
        WHEN is_found THEN 'pass'
        WHEN is_hidden THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN option NOT IN ('ENABLED', 'ENABLED_BY_DEFAULT') THEN 'the region is ' || lower(option)
        WHEN is_found THEN 'a findings hub found'
        WHEN is_hidden THEN 'not found, and the region could not be read'
        ELSE 'no a findings hub'
    END AS reason
FROM regions
ORDER BY resource_key;
