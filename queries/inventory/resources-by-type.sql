/* ---
title = "What we have, by type"
description = """
Live resources by provider, service and type, with the scopes and regions they are spread over, and how many of them the last
run did not see again.
"""
tables = ["inventory.resource_history"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "service"
description = "The provider's service."

[[columns]]
name = "type"
description = "The provider's own type name."

[[columns]]
name = "service_model"
description = "iaas, paas or saas."

[[columns]]
name = "resources"
description = "Live resources."

[[columns]]
name = "scopes"
description = "Accounts, subscriptions or projects that hold them."

[[columns]]
name = "regions"
description = "Regions that hold them."

[[columns]]
name = "not_seen_again"
description = "Carried forward: not seen by the last run that sealed, and not proved gone."
--- */
WITH last_run AS (
    SELECT max(last_seen_run) AS run_id FROM inventory.resource_history
)
SELECT
    history.provider,
    history.service,
    history.type,
    history.service_model,
    count(*) AS resources,
    count(DISTINCT history.scope_id) AS scopes,
    count(DISTINCT history.region) AS regions,
    count(*) FILTER (WHERE history.last_seen_run < last_run.run_id) AS not_seen_again
FROM inventory.resource_history AS history
CROSS JOIN last_run
WHERE history.valid_to_run IS NULL
    AND coalesce(getvariable('provider'), '') IN ('', history.provider)
GROUP BY history.provider, history.service, history.type, history.service_model
ORDER BY history.provider, resources DESC, history.service, history.type, history.service_model;
