/* ---
title = "The naive size of the audit against the real one"
description = """
Every criterion for every third party is the size that a first scoping call starts from. What is left of it when reports
are relied on and roles are looked at is the real size. Sizes count (criterion, party) pairs. `incomplete_units` counts what
the crawl could not see: with more than 0, the size may grow.
"""
tables = ["scoping.sizing"]

[[parameters]]
name = "scenario"
type = "text"
default = ""
description = "Only this scenario; all without it."

[[columns]]
name = "scenario"
description = "The scenario."

[[columns]]
name = "criteria"
description = "Criteria of its categories."

[[columns]]
name = "third_parties"
description = "Third parties in scope."

[[columns]]
name = "naive"
description = "criteria × third_parties: each for each."

[[columns]]
name = "inclusive"
description = "Pairs when subservice organizations are tested at their sites."

[[columns]]
name = "carve_out"
description = "Pairs when every report is relied on and nothing is tested at the vendor."

[[columns]]
name = "real"
description = "Pairs that really repeat."

[[columns]]
name = "cut_percent"
description = "How much of the naive size is cut, in percent."

[[columns]]
name = "report_reviews"
description = "Reports to review."

[[columns]]
name = "vendor_assessments"
description = "Vendors to assess directly."

[[columns]]
name = "evidence"
description = "Pieces of evidence asked for."

[[columns]]
name = "answered"
description = "How many of those the inventory answers."

[[columns]]
name = "hours_low"
description = "Hours, optimistic."

[[columns]]
name = "hours_pert"
description = "PERT mean of the hours."

[[columns]]
name = "hours_high"
description = "Hours, pessimistic."

[[columns]]
name = "incomplete_units"
description = "Coverage rows that are not ok."
--- */
SELECT
    scenario,
    criteria,
    third_parties,
    naive_size AS naive,
    inclusive_size AS inclusive,
    carve_out_size AS carve_out,
    real_size AS real,
    CASE WHEN naive_size > 0 THEN round(100.0 * (naive_size - real_size) / naive_size, 0) END AS cut_percent,
    report_reviews,
    vendor_assessments,
    evidence_requests AS evidence,
    evidence_answered AS answered,
    round(hours_low, 0) AS hours_low,
    round(hours_pert, 0) AS hours_pert,
    round(hours_high, 0) AS hours_high,
    incomplete_units
FROM scoping.sizing
WHERE coalesce(getvariable('scenario'), '') IN ('', scenario)
ORDER BY scenario;
