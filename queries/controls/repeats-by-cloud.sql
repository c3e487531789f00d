/* ---
title = "Which controls repeat, cloud by cloud"
description = """
One row for each control that has to be shown for at least one provider: what it asks for at each cloud, and for how many
other third parties it repeats. `customer` is ours, `shared` is partly ours, `assess` has no report to rely on, `inherited`
is answered by the provider's report; empty where the cloud is not used or the control has no bearing on it.
"""
tables = ["controls.controls", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "control"
description = "Its title."

[[columns]]
name = "aws"
description = "The heaviest treatment at AWS over its criteria."

[[columns]]
name = "azure"
description = "The same at Azure."

[[columns]]
name = "gcp"
description = "The same at Google Cloud."

[[columns]]
name = "others"
description = "Other third parties for which it repeats."

[[columns]]
name = "hours"
description = "Hours, most likely, over all providers."
--- */
WITH per_party AS (
    SELECT
        control_id,
        party_id,
        max(CASE treatment WHEN 'assess' THEN 4 WHEN 'customer' THEN 3 WHEN 'shared' THEN 2 ELSE 1 END) AS weight,
        sum(hours_likely) AS hours
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
        AND treatment <> 'not_applicable'
        AND party_id <> 'organization'
    GROUP BY control_id, party_id
),
worded AS (
    SELECT
        control_id,
        party_id,
        weight,
        hours,
        CASE weight WHEN 4 THEN 'assess' WHEN 3 THEN 'customer' WHEN 2 THEN 'shared' ELSE 'inherited' END AS treatment
    FROM per_party
)
SELECT
    worded.control_id,
    max(controls.title) AS control,
    max(worded.treatment) FILTER (WHERE worded.party_id = 'aws') AS aws,
    max(worded.treatment) FILTER (WHERE worded.party_id = 'azure') AS azure,
    max(worded.treatment) FILTER (WHERE worded.party_id = 'google-cloud') AS gcp,
    count(*) FILTER (WHERE worded.weight > 1 AND worded.party_id NOT IN ('aws', 'azure', 'google-cloud')) AS others,
    round(sum(worded.hours), 1) AS hours
FROM worded
LEFT JOIN controls.controls AS controls ON controls.control_id = worded.control_id
GROUP BY worded.control_id
HAVING max(worded.weight) > 1
ORDER BY count(*) FILTER (WHERE worded.weight > 1 AND worded.party_id IN ('aws', 'azure', 'google-cloud')) DESC,
    hours DESC, worded.control_id;
