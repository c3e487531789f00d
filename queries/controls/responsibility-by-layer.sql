/* ---
title = "Who owns each layer, by service model"
description = """
The responsibility matrix: for each layer of the stack, who owns it where the provider runs infrastructure, a platform
or the whole software, and how many rows override that for one criterion or one party. `carveout scope matrix` applies
it to what is in use.
"""
tables = ["controls.layers", "controls.responsibility"]

[[columns]]
name = "layer"
description = "The layer, from the top of the stack down."

[[columns]]
name = "iaas"
description = "Who owns it where we rent infrastructure."

[[columns]]
name = "paas"
description = "Who owns it where we rent a platform."

[[columns]]
name = "saas"
description = "Who owns it where we rent the software."

[[columns]]
name = "overrides"
description = "Rows for one criterion or one party."
--- */
SELECT
    layers.layer,
    max(
        CASE
            WHEN rules.service_model = 'iaas' AND rules.criterion_id IS NULL AND rules.party_id IS NULL
                THEN rules.owner
        END
    ) AS iaas,
    max(
        CASE
            WHEN rules.service_model = 'paas' AND rules.criterion_id IS NULL AND rules.party_id IS NULL
                THEN rules.owner
        END
    ) AS paas,
    max(
        CASE
            WHEN rules.service_model = 'saas' AND rules.criterion_id IS NULL AND rules.party_id IS NULL
                THEN rules.owner
        END
    ) AS saas,
    count(*) FILTER (WHERE rules.criterion_id IS NOT NULL OR rules.party_id IS NOT NULL) AS overrides
FROM controls.layers AS layers
LEFT JOIN controls.responsibility AS rules ON rules.layer = layers.layer
GROUP BY layers.layer, layers.ordinal
ORDER BY layers.ordinal, layers.layer;
