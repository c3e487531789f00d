/* ---
title = "Scale set is spread over zones"
description = """
A scale set that names fewer than two zones goes down with its data centre. Resource Manager leaves the list out or
null for regional placement. A set with no machines has no bearing.
"""
tables = ["inventory.resources"]

[check]
control = "BC-04"
criteria = ["A1.2", "A1.1"]
provider = "azure"
resource_type = "microsoft.compute/virtualmachinescalesets"
--- */
WITH scale_sets AS (
    SELECT
        resource_key,
        coalesce(json_array_length(config, '$.zones'), 0) AS zones,
        CAST(config ->> '$.sku.capacity' AS INTEGER) AS capacity
    FROM inventory.resources
    WHERE type = 'microsoft.compute/virtualmachinescalesets'
)
SELECT
    resource_key,
    CASE
        WHEN capacity = 0 THEN 'not_applicable'
        WHEN zones >= 2 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN capacity = 0 THEN 'no machines'
        WHEN zones >= 2 THEN 'zones: ' || zones
        ELSE 'zones: ' || zones
    END AS reason
FROM scale_sets
ORDER BY resource_key;
