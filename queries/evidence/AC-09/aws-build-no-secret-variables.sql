/* ---
title = "Build project keeps no secrets in plain variables"
description = """
Plain variables of a build stand in its settings and in its logs. A variable whose name says secret is to be of type
SECRETS_MANAGER or PARAMETER_STORE. Values are not looked at; names that end in a reference (_ARN, _ID, _NAME, _PATH,
_FILE, _URL, _URI) are let through.
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
resource_type = "AWS::CodeBuild::Project"
--- */
WITH settings AS (
    SELECT
        resource_key,
        coalesce(list_contains(unread, 'BatchGetProjects'), false)
            OR NOT json_exists(config, '$.BatchGetProjects') AS is_unread,
        list_filter(
            list_transform(
                list_filter(
                    json_extract(config, '$.BatchGetProjects.projects[*].environment.environmentVariables[*]'),
                    lambda variable: coalesce(variable ->> '$.type', 'PLAINTEXT') = 'PLAINTEXT'
                ),
                lambda variable: variable ->> '$.name'
            ),
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
    WHERE type = 'AWS::CodeBuild::Project'
)

SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN coalesce(len(secret_names), 0) = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'variables could not be read'
        WHEN coalesce(len(secret_names), 0) = 0 THEN 'no secret by its name'
        ELSE 'in plain settings: ' || array_to_string(list_sort(list_distinct(secret_names)), ', ')
    END AS reason
FROM settings
ORDER BY resource_key;
