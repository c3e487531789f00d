/* ---
title = "Machine runs an image of ours that is fresh"
description = """
Machines that are replaced from fresh images need no patching in place. Images of ours pass up to max_age_days;
images of others have no known age here, and machines that do not run are left out.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "max_age_days"
type = "integer"
default = 180
description = "The greatest age of an image, in days."

[check]
control = "VM-02"
criteria = ["CC7.1", "CC6.8"]
provider = "aws"
resource_type = "AWS::EC2::Instance"
--- */
WITH images AS (
    SELECT config ->> '$.ImageId' AS image_id, any_value(config) AS config
    FROM inventory.resources
    WHERE type = 'AWS::EC2::Image'
    GROUP BY image_id
),
machines AS (
    SELECT
        machines.resource_key,
        coalesce(machines.config ->> '$.State.Name', 'unknown') AS machine_state,
        date_diff(
            'day',
            try_cast(images.config ->> '$.CreationDate' AS TIMESTAMP),
            (SELECT max(finished_at) FROM inventory.runs)
        ) AS age_days,
        coalesce(getvariable('max_age_days'), 180) AS limit_days
    FROM inventory.resources AS machines
    LEFT JOIN images ON images.image_id = (machines.config ->> '$.ImageId')
    WHERE machines.type = 'AWS::EC2::Instance'
)
SELECT
    resource_key,
    CASE
        WHEN machine_state <> 'running' THEN 'not_applicable'
        WHEN age_days IS NULL THEN 'unknown'
        WHEN age_days <= limit_days THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN machine_state <> 'running' THEN 'the machine is ' || machine_state
        WHEN age_days IS NULL THEN 'not an image of ours'
        WHEN age_days <= limit_days THEN 'image is ' || age_days || ' days old'
        ELSE 'image is ' || age_days || ' days old'
    END AS reason
FROM machines
ORDER BY resource_key;
