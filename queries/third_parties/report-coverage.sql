/* ---
title = "Which reports can be relied on, and for what"
description = """
One row for each SOC 2 report: its type and period, the opinion, how many exceptions and user entity controls it carries,
and whether its period still speaks. Opinion and exceptions are facts apart from reliance.
"""
tables = [
    "parties.report_exceptions",
    "parties.reports",
    "parties.subservice_organizations",
    "parties.user_entity_controls",
]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only reports of this party; all without it."

[[columns]]
name = "party_id"
description = "The party it speaks for; empty where nobody has said."

[[columns]]
name = "report_id"
description = "The report."

[[columns]]
name = "report_type"
description = "type1 or type2."

[[columns]]
name = "speaks_from"
description = "First day of the period, or the day of a type 1."

[[columns]]
name = "speaks_until"
description = "Last day of the period, or the day of a type 1."

[[columns]]
name = "bridge_until"
description = "Last day that a bridge letter speaks for."

[[columns]]
name = "reliance"
description = "current, bridged, stale, expired or unreliable; not_evaluable where it can't be judged."

[[columns]]
name = "judged_on"
description = "The day that reliance was judged for."

[[columns]]
name = "opinion"
description = "unqualified, qualified, adverse or disclaimer."

[[columns]]
name = "categories"
description = "The categories it covers."

[[columns]]
name = "exceptions"
description = "Exceptions in the tests of controls."

[[columns]]
name = "cuecs"
description = "Complementary user entity controls that come back to us."

[[columns]]
name = "subservice_organizations"
description = "Subservice organizations that it names."
--- */
WITH exceptions AS (
    SELECT report_id, count(*) AS found FROM parties.report_exceptions GROUP BY report_id
),
cuecs AS (
    SELECT report_id, count(*) AS found FROM parties.user_entity_controls GROUP BY report_id
),
organizations AS (
    SELECT report_id, count(*) AS found FROM parties.subservice_organizations GROUP BY report_id
)
SELECT
    reports.party_id,
    reports.report_id,
    reports.report_type,
    coalesce(reports.period_start, reports.as_of) AS speaks_from,
    coalesce(reports.period_end, reports.as_of) AS speaks_until,
    reports.bridge_until,
    coalesce(reports.reliance, 'not_evaluable') AS reliance,
    reports.judged_on,
    reports.opinion,
    array_join(reports.categories, ', ') AS categories,
    coalesce(exceptions.found, 0) AS exceptions,
    coalesce(cuecs.found, 0) AS cuecs,
    coalesce(organizations.found, 0) AS subservice_organizations
FROM parties.reports AS reports
LEFT JOIN exceptions ON exceptions.report_id = reports.report_id
LEFT JOIN cuecs ON cuecs.report_id = reports.report_id
LEFT JOIN organizations ON organizations.report_id = reports.report_id
WHERE coalesce(getvariable('party'), '') IN ('', reports.party_id)
ORDER BY reports.party_id NULLS LAST, speaks_until DESC NULLS LAST, reports.report_id;
