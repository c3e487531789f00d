/* ---
title = "Which of our vendors stand on the same subservice organization"
description = """
Subservice organizations that several vendors' reports name: one outage, or one lapse there, reaches us on several
ways. `direct` tells whether we also use it ourselves.
"""
tables = ["graph.reach", "parties.reports", "parties.subservice_organizations"]

[[parameters]]
name = "at_least"
type = "integer"
default = 2
description = "How many vendors."

[[columns]]
name = "host"
description = "The subservice organization (party_id), or its name as printed where nobody has said whose it is."

[[columns]]
name = "vendors"
description = "Vendors whose reports name it."

[[columns]]
name = "who"
description = "These vendors."

[[columns]]
name = "methods"
description = "How the reports treat it: carve_out, inclusive."

[[columns]]
name = "direct"
description = "Whether we depend on it directly too."
--- */
WITH named AS (
    SELECT DISTINCT
        coalesce(organizations.party_id, organizations.name) AS host_id,
        reports.party_id AS vendor_id,
        organizations.method
    FROM parties.subservice_organizations AS organizations
    INNER JOIN parties.reports AS reports ON reports.report_id = organizations.report_id
    WHERE reports.party_id IS NOT NULL
),
direct_parties AS (
    SELECT DISTINCT party_id FROM graph.reach WHERE depth = 1
)
SELECT
    named.host_id AS host,
    count(DISTINCT named.vendor_id) AS vendors,
    array_join(array_sort(array_agg(DISTINCT named.vendor_id)), ', ') AS who,
    array_join(array_sort(array_agg(DISTINCT named.method)), ', ') AS methods,
    bool_or(direct_parties.party_id IS NOT NULL) AS direct
FROM named
LEFT JOIN direct_parties ON direct_parties.party_id = named.host_id
GROUP BY named.host_id
HAVING count(DISTINCT named.vendor_id) >= coalesce(getvariable('at_least'), 2)
ORDER BY count(DISTINCT named.vendor_id) DESC, named.host_id;
