/* ---
title = "How old our resources are"
description = """
Live resources of each type by the time since they were created, as of the last run or a given day. `unknown` counts
those of which the provider does not say when they were created.
"""
tables = ["inventory.resources", "inventory.runs"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[parameters]]
name = "as_of"
type = "date"
description = "The day to count from; the end of the last run without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "type"
description = "The resource type."

[[columns]]
name = "up_to_30_days"
description = "Created within 30 days."

[[columns]]
name = "up_to_90_days"
description = "Older than 30 days, up to 90."

[[columns]]
name = "up_to_1_year"
description = "Older than 90 days, up to 365."

[[columns]]
name = "up_to_3_years"
description = "Older than 365 days, up to 1,095."

[[columns]]
name = "older"
description = "Older than 1,095 days."

[[columns]]
name = "unknown"
description = "The provider does not say."
--- */
WITH today AS (
    SELECT coalesce(getvariable('as_of'), CAST(max(finished_at) AS DATE)) AS day_counted_from FROM inventory.runs
),
dated AS (
    SELECT
        resources.provider,
        resources.type AS type_name,
        CAST(resources.created_at AS DATE) AS created_on,
        today.day_counted_from AS as_of
    FROM inventory.resources AS resources
    CROSS JOIN today
    WHERE coalesce(getvariable('provider'), '') IN ('', resources.provider)
)
SELECT
    provider,
    type_name AS type,
    count(*) FILTER (WHERE created_on >= as_of - 30) AS up_to_30_days,
    count(*) FILTER (WHERE created_on < as_of - 30 AND created_on >= as_of - 90) AS up_to_90_days,
    count(*) FILTER (WHERE created_on < as_of - 90 AND created_on >= as_of - 365) AS up_to_1_year,
    count(*) FILTER (WHERE created_on < as_of - 365 AND created_on >= as_of - 1095) AS up_to_3_years,
    count(*) FILTER (WHERE created_on < as_of - 1095) AS older,
    count(*) FILTER (WHERE created_on IS NULL) AS unknown
FROM dated
GROUP BY provider, type_name
ORDER BY provider, type_name;
