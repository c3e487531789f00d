/* ---
title = "How much of the stack our providers run"
description = """
Live resources by cloud and service model (iaas, paas, saas). The service model decides which layers are ours: see
`responsibility-by-layer`.
"""
tables = ["inventory.resources"]

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "service_model"
description = "iaas, paas or saas."

[[columns]]
name = "resources"
description = "Live resources."

[[columns]]
name = "services"
description = "The provider's services that they belong to."

[[columns]]
name = "types"
description = "Types of these."

[[columns]]
name = "percent"
description = "The share of the cloud's resources, in percent."
--- */
WITH counted AS (
    SELECT
        provider,
        service_model AS model,
        count(*) AS resources,
        count(DISTINCT service) AS services,
        count(DISTINCT type) AS types
    FROM inventory.resources
    GROUP BY provider, service_model
)
SELECT
    provider,
    model AS service_model,
    resources,
    services,
    types,
    round(100.0 * resources / sum(resources) OVER (PARTITION BY provider), 1) AS percent
FROM counted
ORDER BY provider, resources DESC, model;
