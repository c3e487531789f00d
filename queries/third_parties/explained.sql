/* ---
title = "What looks foreign and is not"
description = """
Principals and hosts that point outside a resource and were not raised as a third party, with the reason: ours, the
provider's own, a service principal, a deleted id. A value that is seen in many places is one row.
"""
tables = ["parties.explained"]

[[columns]]
name = "value"
description = "What was seen."

[[columns]]
name = "reason"
description = "Why it is no third party."

[[columns]]
name = "resources"
description = "Resources that show it."

[[columns]]
name = "example"
description = "One of them."
--- */
SELECT
    value,
    reason,
    count(DISTINCT resource_key) AS resources,
    min(resource_key) AS example
FROM parties.explained
GROUP BY value, reason
ORDER BY resources DESC, value, reason;
