/* ---
title = "Parameter whose name says secret is stored encrypted"
description = """
A password in a plain parameter can be read by everybody who may read settings. Names are matched by a pattern;
SecureString passes.
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
resource_type = "AWS::SSM::Parameter"
--- */
WITH parameters AS (
    SELECT
        resource_key,
        config ->> '$.Type' AS kind,
        regexp_matches(
            config ->> '$.Name',
            coalesce(getvariable('secret_pattern'), '(?i)(passw(or)?d|secret|token|api_?key|private_?key|credential)')
        ) AS is_secret
    FROM inventory.resources
    WHERE type = 'AWS::SSM::Parameter'
)

SELECT
    resource_key,
    CASE
        WHEN NOT is_secret THEN 'not_applicable'
        WHEN kind = 'SecureString' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN NOT is_secret THEN 'no secret by its name'
        ELSE 'stored as ' || coalesce(kind, 'no known kind')
    END AS reason
FROM parameters
ORDER BY resource_key;
