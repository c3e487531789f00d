/* ---
title = "Which controls repeat, per provider"
description = """
One row for each control and each provider or third party that it touches in a scenario. A control repeats where it has to
be shown again for that party: we own it (customer), share it (shared), or have to assess the vendor because no report can
be relied on (assess). Where the party's report answers it, it is inherited, and the report is named. `repeats_in_total`
says for how many parties the control repeats. Check counts come from the last sealed run; unknown is never pass.
"""
tables = ["controls.check_summary", "controls.controls", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only this third party (its party_id); all without it."

[[parameters]]
name = "control"
type = "text"
default = ""
description = "Only this control; all without it."

[[parameters]]
name = "only_repeating"
type = "boolean"
default = true
description = "Leave out what is only inherited or does not apply."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "control"
description = "Its title."

[[columns]]
name = "party"
description = "The provider or third party (party_id)."

[[columns]]
name = "treatment"
description = "The heaviest treatment over its criteria: assess, customer, shared, inherited or not_applicable."

[[columns]]
name = "owner"
description = "Who owns the control there: provider, customer, shared, outsourced_to_third_party, shared_with_third_party; mixed where its criteria differ."

[[columns]]
name = "criteria"
description = "Criteria for which it repeats there."

[[columns]]
name = "inherited"
description = "Criteria that the party's report answers."

[[columns]]
name = "report"
description = "The report that is relied on; empty where none is."

[[columns]]
name = "evidence"
description = "Pieces of evidence asked for."

[[columns]]
name = "answered"
description = "How many of those the inventory answers."

[[columns]]
name = "pass"
description = "Resources of this party that pass a check of the control."

[[columns]]
name = "fail"
description = "Resources of this party that fail one."

[[columns]]
name = "unknown"
description = "Resources of this party, and places that could not be listed, for which a check could not be decided."

[[columns]]
name = "hours_likely"
description = "Hours, most likely."

[[columns]]
name = "repeats_in_total"
description = "Parties for which the control repeats in the scenario."
--- */
WITH obligations AS (
    SELECT
        control_id,
        criterion_id,
        party_id,
        treatment,
        owner,
        report_id,
        evidence_requests,
        evidence_answered,
        hours_likely,
        treatment IN ('customer', 'shared', 'assess') AS repeats,
        CASE treatment
            WHEN 'assess' THEN 1
            WHEN 'customer' THEN 2
            WHEN 'shared' THEN 3
            WHEN 'inherited' THEN 4
            ELSE 5
        END AS weight
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
),
control_repeats AS (
    SELECT control_id, count(DISTINCT party_id) AS parties
    FROM obligations
    WHERE repeats
    GROUP BY control_id
),
per_party AS (
    SELECT
        control_id,
        party_id,
        min(weight) AS weight,
        CASE WHEN min(owner) = max(owner) THEN min(owner) ELSE 'mixed' END AS party_owner,
        count(DISTINCT criterion_id) FILTER (WHERE repeats) AS criteria_repeating,
        count(DISTINCT criterion_id) FILTER (WHERE treatment = 'inherited') AS criteria_inherited,
        min(report_id) FILTER (WHERE treatment = 'inherited') AS relied_report,
        CAST(sum(evidence_requests) AS BIGINT) AS requests,
        CAST(sum(evidence_answered) AS BIGINT) AS requests_answered,
        sum(hours_likely) AS hours
    FROM obligations
    WHERE treatment <> 'not_applicable' OR NOT coalesce(getvariable('only_repeating'), true)
    GROUP BY control_id, party_id
),
checked AS (
    SELECT
        control_id,
        party_id,
        CAST(sum(passed) AS BIGINT) AS passed,
        CAST(sum(failed) AS BIGINT) AS failed,
        CAST(sum(unknown) AS BIGINT) AS undecided
    FROM controls.check_summary
    GROUP BY control_id, party_id
)
SELECT
    per_party.control_id,
    controls.title AS control,
    per_party.party_id AS party,
    CASE per_party.weight
        WHEN 1 THEN 'assess'
        WHEN 2 THEN 'customer'
        WHEN 3 THEN 'shared'
        WHEN 4 THEN 'inherited'
        ELSE 'not_applicable'
    END AS treatment,
    per_party.party_owner AS owner,
    per_party.criteria_repeating AS criteria,
    per_party.criteria_inherited AS inherited,
    per_party.relied_report AS report,
    per_party.requests AS evidence,
    per_party.requests_answered AS answered,
    checked.passed AS pass,
    checked.failed AS fail,
    checked.undecided AS unknown,
    round(per_party.hours, 1) AS hours_likely,
    coalesce(control_repeats.parties, 0) AS repeats_in_total
FROM per_party
LEFT JOIN controls.controls AS controls ON controls.control_id = per_party.control_id
LEFT JOIN control_repeats ON control_repeats.control_id = per_party.control_id
LEFT JOIN checked ON checked.control_id = per_party.control_id AND checked.party_id = per_party.party_id
WHERE (per_party.criteria_repeating > 0 OR NOT coalesce(getvariable('only_repeating'), true))
    AND coalesce(getvariable('party'), '') IN ('', per_party.party_id)
    AND coalesce(getvariable('control'), '') IN ('', per_party.control_id)
ORDER BY repeats_in_total DESC, per_party.control_id, per_party.weight, party;
