/* ---
title = "Who stands behind a carve-out, and do their reports show what is assumed of them"
description = """
Every way from a vendor to its subservice organizations and on to theirs, with the report that speaks for each, the days
of the audit period that it covers, and how many of the controls that the vendor assumes of it (CSOCs) it shows. A cycle
is cut where it closes, and marked. `carveout graph chain` draws it, to any depth.
"""
tables = [
    "graph.edges",
    "parties.reports",
    "parties.subservice_organizations",
    "scoping.csoc_coverage",
    "scoping.report_coverage",
]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "The vendor that the chain starts from; every vendor without it."

[[parameters]]
name = "max_depth"
type = "integer"
default = 6
description = "How many links are followed."

[[columns]]
name = "vendor_id"
description = "The vendor that the chain starts from."

[[columns]]
name = "depth"
description = "1 for its own subservice organizations."

[[columns]]
name = "party_id"
description = "The party."

[[columns]]
name = "via"
description = "The party above it."

[[columns]]
name = "path"
description = "The way there."

[[columns]]
name = "is_cycle"
description = "Whether the way comes back to a party that is on it already; it is not followed further."

[[columns]]
name = "method"
description = "carve_out or inclusive; empty where only a published list names it."

[[columns]]
name = "reliance"
description = "The best reliance of the party's reports; none without one."

[[columns]]
name = "report_days"
description = "Days of the audit period that its reports cover, on the criterion that they cover longest; empty without a report."

[[columns]]
name = "letter_days"
description = "Days that a bridge letter speaks for, on the same criterion."

[[columns]]
name = "period_days"
description = "Days of the audit period."

[[columns]]
name = "csocs"
description = "Controls that the party above assumes of it, criterion by criterion."

[[columns]]
name = "csocs_shown"
description = "Of those, shown by the party's own report."

[[columns]]
name = "not_shown"
description = "The others, with the reason."
--- */
WITH RECURSIVE links AS (
    SELECT replace(from_id, 'party:', '') AS vendor_id, replace(to_id, 'party:', '') AS party_id
    FROM graph.edges
    WHERE relation = 'subservice_of'
),
walk AS (
    SELECT vendor_id AS root_id, 1 AS depth, vendor_id, party_id, [vendor_id, party_id] AS path, false AS is_cycle
    FROM links
    WHERE coalesce(getvariable('party'), '') IN ('', vendor_id)
    UNION ALL
    SELECT
        walk.root_id,
        walk.depth + 1,
        links.vendor_id,
        links.party_id,
        array_append(walk.path, links.party_id),
        array_contains(walk.path, links.party_id)
    FROM walk
    INNER JOIN links ON links.vendor_id = walk.party_id
    WHERE NOT walk.is_cycle AND walk.depth < coalesce(getvariable('max_depth'), 6)
),
methods AS (
    SELECT reports.party_id AS vendor_id, organizations.party_id, min(organizations.method) AS method
    FROM parties.subservice_organizations AS organizations
    INNER JOIN parties.reports AS reports ON reports.report_id = organizations.report_id
    GROUP BY reports.party_id, organizations.party_id
),
held AS (
    SELECT
        party_id,
        min(
            CASE reliance
                WHEN 'current' THEN 1
                WHEN 'bridged' THEN 2
                WHEN 'stale' THEN 3
                WHEN 'expired' THEN 4
                WHEN 'unreliable' THEN 5
                ELSE 6
            END
        ) AS best
    FROM parties.reports
    GROUP BY party_id
),
counted AS (
    SELECT
        party_id,
        criterion_id,
        CAST(sum(CASE WHEN class = 'report' THEN days ELSE 0 END) AS BIGINT) AS report_days,
        CAST(sum(CASE WHEN class = 'bridge_letter' THEN days ELSE 0 END) AS BIGINT) AS letter_days,
        CAST(sum(days) AS BIGINT) AS period_days
    FROM scoping.report_coverage
    WHERE scenario = 'current'
    GROUP BY party_id, criterion_id
),
ranked AS (
    SELECT
        party_id,
        report_days,
        letter_days,
        period_days,
        row_number() OVER (
            PARTITION BY party_id ORDER BY report_days + letter_days DESC, report_days DESC, criterion_id
        ) AS place
    FROM counted
),
assumed AS (
    SELECT
        vendor_id,
        party_id,
        count(*) AS csocs,
        count(*) FILTER (WHERE status = 'shown') AS csocs_shown,
        array_join(
            array_agg(
                csoc_ref || coalesce(' on ' || criterion_id, '') || ': ' || reason
                ORDER BY csoc_ref, criterion_id, report_id
            ) FILTER (WHERE status <> 'shown'),
            '; '
        ) AS not_shown
    FROM scoping.csoc_coverage
    WHERE scenario = 'current'
    GROUP BY vendor_id, party_id
)
SELECT
    walk.root_id AS vendor_id,
    walk.depth,
    walk.party_id,
    walk.vendor_id AS via,
    array_join(walk.path, ' > ') AS path,
    walk.is_cycle,
    methods.method,
    CASE held.best
        WHEN 1 THEN 'current'
        WHEN 2 THEN 'bridged'
        WHEN 3 THEN 'stale'
        WHEN 4 THEN 'expired'
        WHEN 5 THEN 'unreliable'
        WHEN 6 THEN 'not_evaluable'
        ELSE 'none'
    END AS reliance,
    CASE WHEN held.best IS NOT NULL THEN ranked.report_days END AS report_days,
    CASE WHEN held.best IS NOT NULL THEN ranked.letter_days END AS letter_days,
    CASE WHEN held.best IS NOT NULL THEN ranked.period_days END AS period_days,
    coalesce(assumed.csocs, 0) AS csocs,
    coalesce(assumed.csocs_shown, 0) AS csocs_shown,
    assumed.not_shown
FROM walk
LEFT JOIN methods ON methods.vendor_id = walk.vendor_id AND methods.party_id = walk.party_id
LEFT JOIN held ON held.party_id = walk.party_id
LEFT JOIN ranked ON ranked.party_id = walk.party_id AND ranked.place = 1
LEFT JOIN assumed ON assumed.vendor_id = walk.vendor_id AND assumed.party_id = walk.party_id
ORDER BY walk.root_id, path, walk.depth;
