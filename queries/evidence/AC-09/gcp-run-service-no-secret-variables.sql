/* ---
title = "Service keeps no secrets in its variables"
description = """
Variables are shown to everybody who may read the service. A variable whose name says secret is to come from Secret
Manager; names that end in a reference (_ID, _NAME, _PATH, _FILE, _URL, _URI) are let through.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "secret_pattern"
type = "text"
default = "(?i)(passw(or)?d|secret|token|api_?key|private_?key|credential)"
description = "Which names say that a value is secret, as a regular expression."

[check]
control = "AC-09"
criteria = ["CC6.1"]
provider = "gcp"
resource_type = "run.googleapis.com/Service"
--- */
WITH services AS (
    SELECT
        resource_key,
        list_transform(
            list_filter(
                list_concat(
                    json_extract(config, '$.spec.template.spec.containers[*].env[*]'),
                    json_extract(config, '$.template.containers[*].env[*]')
                ),
                lambda variable: json_exists(variable, '$.value')
                    AND regexp_matches(
                        variable ->> '$.name',
                        coalesce(
                            getvariable('secret_pattern'),
                            '(?i)(passw(or)?d|secret|token|api_?key|private_?key|credential)'
                        )
                    )
                    AND NOT regexp_matches(variable ->> '$.name', '(?i)_(id|name|path|file|url|uri)$')
            ),
            lambda variable: variable ->> '$.name'
        ) AS secret_names
    FROM inventory.resources
    WHERE type = 'run.googleapis.com/Service'
)

SELECT
    resource_key,
    CASE WHEN coalesce(len(secret_names), 0) = 0 THEN 'pass' ELSE 'fail' END AS status,
    CASE
        WHEN coalesce(len(secret_names), 0) = 0 THEN 'no secret by its name'
        ELSE 'in plain settings: ' || array_to_string(list_sort(list_distinct(secret_names)), ', ')
    END AS reason
FROM services
ORDER BY resource_key;
