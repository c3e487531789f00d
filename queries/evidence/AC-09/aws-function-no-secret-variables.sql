/* ---
title = "Function keeps no secrets in its variables"
description = """
Variables of a function are shown to everybody who may read its settings. A variable whose name says secret belongs
into a vault. Values are not looked at; names that end in a reference (_ARN, _ID, _NAME, _PATH, _FILE, _URL, _URI) are
let through.
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
provider = "aws"
resource_type = "AWS::Lambda::Function"
--- */
WITH settings AS (
    SELECT
        resource_key,
        json_exists(config, '$.Environment.Error') AS is_unread,
        list_filter(
            json_keys(config, '$.Environment.Variables'),
            lambda name: regexp_matches(
                name,
                coalesce(
                    getvariable('secret_pattern'),
                    '(?i)(passw(or)?d|secret|token|api_?key|private_?key|credential)'
                )
            )
            AND NOT regexp_matches(name, '(?i)_(arn|id|name|path|file|url|uri)$')
        ) AS secret_names
    FROM inventory.resources
    WHERE type = 'AWS::Lambda::Function'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN coalesce(len(secret_names), 0) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'variables could not be decrypted for the listing'
        WHEN coalesce(len(secret_names), 0) = 0 THEN 'no secret by its name'
        ELSE 'in plain settings: ' || array_to_string(list_sort(list_distinct(secret_names)), ', ')
    END AS reason
FROM settings
ORDER BY resource_key;
