/* ---
title = "How many samples each test needs"
description = """
For each control and party that has to be shown in a scenario: how often the control operates, how big its population
is where the inventory knows, and how many samples to draw. `carveout report samples` draws them so that anyone can
repeat it.
"""
tables = ["controls.controls", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[parameters]]
name = "control"
type = "text"
default = ""
description = "Only this control; all without it."

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only this third party (its party_id); all without it."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "control"
description = "Its title."

[[columns]]
name = "frequency"
description = "How often it operates; it decides the sample size."

[[columns]]
name = "party"
description = "The third party; organization for what is shown once."

[[columns]]
name = "population"
description = "What it is tested on; empty where the inventory does not know how much there is."

[[columns]]
name = "sample_size"
description = "Samples to draw."
--- */
WITH drawn AS (
    SELECT
        control_id,
        party_id,
        max(population) AS population,
        max(sample_size) AS sample_size
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current') AND sample_size IS NOT NULL
    GROUP BY control_id, party_id
)
SELECT
    drawn.control_id,
    controls.title AS control,
    controls.frequency,
    drawn.party_id AS party,
    drawn.population,
    drawn.sample_size
FROM drawn
LEFT JOIN controls.controls AS controls ON controls.control_id = drawn.control_id
WHERE coalesce(getvariable('control'), '') IN ('', drawn.control_id)
    AND coalesce(getvariable('party'), '') IN ('', drawn.party_id)
ORDER BY drawn.sample_size DESC, drawn.control_id, drawn.party_id;
