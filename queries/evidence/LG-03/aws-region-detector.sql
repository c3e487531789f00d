/* ---
title = "Region has threat detection"
description = """
Attackers go where nobody looks: every region that the account can use needs a detector that is on. Regions that are
switched off are left out.
"""
tables = ["inventory.gaps", "inventory.resources"]

[check]
control = "LG-03"
criteria = ["CC7.2"]
provider = "aws"
resource_type = "AWS::Account::Region"
--- */
WITH regions AS (
    SELECT
        regions.resource_key,
        coalesce(regions.config ->> '$.RegionOptStatus', 'not stated') AS option,
        EXISTS (
            SELECT 1
            FROM inventory.resources AS detectors
            WHERE detectors.type = 'AWS::GuardDuty::Detector'
                AND detectors.scope_id = regions.scope_id
                AND detectors.region = (regions.config ->> '$.RegionName')
                AND (detectors.config ->> '$.GetDetector.Status') = 'ENABLED'
        ) AS has_detector,
        EXISTS (
            SELECT 1
            FROM inventory.gaps AS gaps
            WHERE gaps.provider = 'aws'
                AND gaps.scope_id IN (regions.scope_id, '*')
                AND gaps.region IN (regions.config ->> '$.RegionName', '*')
                AND gaps.type IN ('AWS::GuardDuty::Detector', 'AWS::GuardDuty::Detector#GetDetector', '*')
        ) AS is_hidden
    FROM inventory.resources AS regions
    WHERE regions.type = 'AWS::Account::Region'
)
SELECT
    resource_key,
    CASE
        WHEN option NOT IN ('ENABLED', 'ENABLED_BY_DEFAULT') THEN 'not_applicable'
        WHEN has_detector THEN 'pass'
        WHEN is_hidden THEN 'unknown'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN option NOT IN ('ENABLED', 'ENABLED_BY_DEFAULT') THEN 'the region is ' || lower(option)
        WHEN has_detector THEN 'a detector is on'
        WHEN is_hidden THEN 'not found, and detectors could not all be listed'
        ELSE 'no detector is on'
    END AS reason
FROM regions
ORDER BY resource_key;
