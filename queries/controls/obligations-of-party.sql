/* ---
title = "What one third party asks of us, and why"
description = """
Every obligation for one party in a scenario: the control, the criterion, the treatment and the reasons that decided it.
Without a party, the obligations of all of them.
"""
tables = ["controls.criteria", "scoping.obligations"]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "The third party (its party_id); all without it."

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[parameters]]
name = "treatment"
type = "text"
default = ""
description = "Only this treatment (customer, shared, inherited, assess, not_applicable); all without it."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "criterion_id"
description = "The criterion."

[[columns]]
name = "criterion"
description = "Its short title."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "treatment"
description = "customer, shared, inherited, assess or not_applicable."

[[columns]]
name = "owner"
description = "Who owns the control there."

[[columns]]
name = "why"
description = "The reasons, in the order in which they decided."

[[columns]]
name = "report_id"
description = "The report that is relied on."

[[columns]]
name = "evidence"
description = "Pieces of evidence asked for."

[[columns]]
name = "answered"
description = "How many of those the inventory answers."

[[columns]]
name = "hours_likely"
description = "Hours, most likely."
--- */
SELECT
    obligations.party_id,
    obligations.criterion_id,
    criteria.title AS criterion,
    obligations.control_id,
    obligations.treatment,
    obligations.owner,
    array_join(obligations.basis, '; ') AS why,
    obligations.report_id,
    obligations.evidence_requests AS evidence,
    obligations.evidence_answered AS answered,
    round(obligations.hours_likely, 1) AS hours_likely
FROM scoping.obligations AS obligations
LEFT JOIN controls.criteria AS criteria ON criteria.criterion_id = obligations.criterion_id
WHERE obligations.scenario = coalesce(getvariable('scenario'), 'current')
    AND coalesce(getvariable('party'), '') IN ('', obligations.party_id)
    AND coalesce(getvariable('treatment'), '') IN ('', obligations.treatment)
ORDER BY obligations.party_id, obligations.criterion_id, obligations.control_id;
