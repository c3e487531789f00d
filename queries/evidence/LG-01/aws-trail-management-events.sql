/* ---
title = "Trail records all management events"
description = """
Reads and writes of the control plane are the audit log of an account. Passes where a selector takes management
events of both kinds.
"""
tables = ["inventory.resources"]

[check]
control = "LG-01"
criteria = ["CC7.2"]
provider = "aws"
resource_type = "AWS::CloudTrail::Trail"
--- */
WITH trails AS (
    SELECT
        resource_key,
        list_contains(unread, 'GetEventSelectors') OR NOT json_exists(config, '$.GetEventSelectors') AS is_unread,
        len(list_filter(
            json_extract(config, '$.GetEventSelectors.EventSelectors[*]'),
            lambda selector: (selector ->> '$.IncludeManagementEvents') = 'true'
                AND (selector ->> '$.ReadWriteType') = 'All'
        )) AS selectors,
        len(list_filter(
            json_extract(config, '$.GetEventSelectors.AdvancedEventSelectors[*]'),
            lambda selector: list_contains(
                json_extract_string(selector, '$.FieldSelectors[*].Equals[*]'), 'Management'
            )
                AND NOT list_contains(json_extract_string(selector, '$.FieldSelectors[*].Field'), 'readOnly')
        )) AS advanced_selectors
    FROM inventory.resources
    WHERE type = 'AWS::CloudTrail::Trail'
)
SELECT
    resource_key,
    CASE
        WHEN is_unread THEN 'unknown'
        WHEN selectors + advanced_selectors > 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN is_unread THEN 'the selectors could not be read'
        WHEN selectors + advanced_selectors > 0 THEN 'all management events'
        ELSE 'management events are left out or only in part'
    END AS reason
FROM trails
ORDER BY resource_key;
