/* ---
title = "Roles that trust an outside account without an external id"
description = """
IAM roles that an account of somebody else can take on without an external id: another customer of the same vendor
could have the vendor take them on (confused deputy). Federated trust is left out: its subject limits it.
"""
tables = ["inventory.resources", "parties.evidence", "parties.third_parties"]

[[parameters]]
name = "party"
type = "text"
default = ""
description = "Only trust in this party; all without it."

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "strength"
description = "How far the role reaches."

[[columns]]
name = "status"
description = "live or dormant."

[[columns]]
name = "scope_id"
description = "The account."

[[columns]]
name = "resource_key"
description = "The role."

[[columns]]
name = "value"
description = "The trusted principal."
--- */
SELECT
    evidence.party_id,
    parties.name,
    evidence.strength,
    evidence.status,
    resources.scope_id,
    evidence.resource_key,
    evidence.detail ->> '$.value' AS value
FROM parties.evidence AS evidence
LEFT JOIN parties.third_parties AS parties ON parties.party_id = evidence.party_id
LEFT JOIN inventory.resources AS resources ON resources.resource_key = evidence.resource_key
WHERE evidence.signal = 'iam_trust_policy'
    AND evidence.status IN ('live', 'dormant')
    AND coalesce(evidence.detail ->> '$.context.federated', 'false') <> 'true'
    AND (evidence.detail ->> '$.context.external_ids[0]') IS NULL
    AND coalesce(getvariable('party'), '') IN ('', evidence.party_id)
ORDER BY
    CASE evidence.strength WHEN 'can_admin' THEN 1 WHEN 'can_read_data' THEN 2 ELSE 3 END,
    evidence.party_id,
    evidence.resource_key,
    evidence.detail ->> '$.value';
