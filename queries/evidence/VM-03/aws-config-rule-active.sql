/* ---
title = "Configuration rule is active"
description = """
Rules compare resources with the baseline all the time. Fails for rules that are being deleted.
"""
tables = ["inventory.resources"]

[check]
control = "VM-03"
criteria = ["CC7.1", "CC5.2"]
provider = "aws"
resource_type = "AWS::Config::ConfigRule"
--- */
WITH rules AS (
    SELECT
        resource_key,
        coalesce(config ->> '$.ConfigRuleState', 'not stated') AS rule_state
    FROM inventory.resources
    WHERE type = 'AWS::Config::ConfigRule'
)
SELECT
    resource_key,
    CASE
        WHEN rule_state = 'ACTIVE' THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN rule_state = 'ACTIVE' THEN 'active'
        ELSE 'the rule is ' || lower(rule_state)
    END AS reason
FROM rules
ORDER BY resource_key;
