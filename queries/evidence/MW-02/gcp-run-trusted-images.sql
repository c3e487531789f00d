/* ---
title = "Service runs images of trusted registries only"
description = """
Images come from a registry where they are kept and scanned. Passes where every image comes from Artifact Registry
or Container Registry, or matches trusted_images.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "trusted_images"
type = "text"
default = "[.]pkg[.]dev/|^([a-z]+[.])?gcr[.]io/"
description = "A regular expression that the names of trusted images match."

[check]
control = "MW-02"
criteria = ["CC6.8", "CC7.1"]
provider = "gcp"
resource_type = "run.googleapis.com/Service"
--- */
WITH images AS (
    SELECT
        resource_key,
        list_concat(
            json_extract_string(config, '$.spec.template.spec.containers[*].image'),
            json_extract_string(config, '$.template.containers[*].image')
        ) AS names,
        coalesce(getvariable('trusted_images'), '[.]pkg[.]dev/|^([a-z]+[.])?gcr[.]io/') AS trusted,
        list_filter(names, lambda image: NOT regexp_matches(image, trusted)) AS strangers
    FROM inventory.resources
    WHERE type = 'run.googleapis.com/Service'
)
SELECT
    resource_key,
    CASE
        WHEN len(names) = 0 THEN 'not_applicable'
        WHEN len(strangers) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN len(names) = 0 THEN 'no image'
        WHEN len(strangers) = 0 THEN len(names) || ' images of trusted registries'
        ELSE 'from elsewhere: ' || array_to_string(strangers, ', ')
    END AS reason
FROM images
ORDER BY resource_key;
