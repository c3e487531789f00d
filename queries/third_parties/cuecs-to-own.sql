/* ---
title = "User entity controls that vendors hand back to us"
description = """
Every complementary user entity control (CUEC) of the reports we hold, with the criteria it bears on: a carve-out counts only
while we carry these out.
"""
tables = ["parties.reports", "parties.user_entity_controls"]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only reports of this party; all without it."

[[columns]]
name = "party_id"
description = "The vendor; empty where nobody has said."

[[columns]]
name = "cuec_ref"
description = "The report's own reference."

[[columns]]
name = "criteria"
description = "The criteria it bears on."

[[columns]]
name = "description"
description = "What we have to do."

[[columns]]
name = "report_id"
description = "The report."

[[columns]]
name = "reliance"
description = "Whether the report's period still speaks."
--- */
SELECT
    reports.party_id,
    cuecs.cuec_ref,
    array_join(cuecs.criteria, ', ') AS criteria,
    cuecs.description,
    cuecs.report_id,
    coalesce(reports.reliance, 'not_evaluable') AS reliance
FROM parties.user_entity_controls AS cuecs
INNER JOIN parties.reports AS reports ON reports.report_id = cuecs.report_id
WHERE coalesce(getvariable('party'), '') IN ('', reports.party_id)
ORDER BY reports.party_id NULLS LAST, cuecs.report_id, cuecs.cuec_ref, cuecs.description;
