/* ---
title = "What repeats, layer by layer"
description = """
One row for each layer of the stack: how many controls that touch it have to be shown at each cloud and at other third
parties, and how many reports answer. A control that touches several layers counts in each.
"""
tables = ["controls.control_layers", "controls.layers", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "layer"
description = "The layer, from the top of the stack down."

[[columns]]
name = "controls"
description = "Controls that touch the layer and have to be shown somewhere."

[[columns]]
name = "aws"
description = "Of those, controls to be shown at AWS."

[[columns]]
name = "azure"
description = "The same at Azure."

[[columns]]
name = "gcp"
description = "The same at Google Cloud."

[[columns]]
name = "others"
description = "The same at any other third party."

[[columns]]
name = "inherited"
description = "Controls of the layer that some party's report answers whole."
--- */
WITH per_party AS (
    SELECT
        control_id,
        party_id,
        bool_or(treatment IN ('customer', 'shared', 'assess')) AS repeats,
        bool_or(treatment = 'inherited') AS is_inherited
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current') AND party_id <> 'organization'
    GROUP BY control_id, party_id
),
placed AS (
    SELECT
        touched.layer,
        per_party.control_id,
        per_party.party_id,
        per_party.repeats,
        per_party.is_inherited AND NOT per_party.repeats AS is_answered
    FROM per_party
    INNER JOIN controls.control_layers AS touched ON touched.control_id = per_party.control_id
)
SELECT
    layers.layer,
    count(DISTINCT CASE WHEN placed.repeats THEN placed.control_id END) AS controls,
    count(DISTINCT CASE WHEN placed.repeats AND placed.party_id = 'aws' THEN placed.control_id END) AS aws,
    count(DISTINCT CASE WHEN placed.repeats AND placed.party_id = 'azure' THEN placed.control_id END) AS azure,
    count(DISTINCT CASE WHEN placed.repeats AND placed.party_id = 'google-cloud' THEN placed.control_id END) AS gcp,
    count(
        DISTINCT CASE
            WHEN placed.repeats AND placed.party_id NOT IN ('aws', 'azure', 'google-cloud') THEN placed.control_id
        END
    ) AS others,
    count(DISTINCT CASE WHEN placed.is_answered THEN placed.control_id END) AS inherited
FROM controls.layers AS layers
LEFT JOIN placed ON placed.layer = layers.layer
GROUP BY layers.layer, layers.ordinal
ORDER BY layers.ordinal, layers.layer;
