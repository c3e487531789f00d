/* ---
title = "Who reads our data or is sent it, and what their reports cover"
description = """
Third parties with a data path, live or dormant: resources whose data they can read, resources that send them data,
and whether a current or bridged report of theirs covers confidentiality and privacy. For the records of processing
and for subprocessor lists.
"""
tables = ["parties.evidence", "parties.reports", "parties.third_parties"]

[[columns]]
name = "party_id"
description = "The third party."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "reads"
description = "Resources whose data it can read or administer."

[[columns]]
name = "receives"
description = "Resources that send it data or telemetry."

[[columns]]
name = "report"
description = "The report that can be relied on and covers most categories; empty without one."

[[columns]]
name = "covers_confidentiality"
description = "Whether a report that can be relied on covers confidentiality."

[[columns]]
name = "covers_privacy"
description = "Whether a report that can be relied on covers privacy."

[[columns]]
name = "in_register"
description = "Whether the register lists it."
--- */
WITH paths AS (
    SELECT
        party_id,
        count(DISTINCT CASE WHEN strength IN ('can_admin', 'can_read_data') THEN resource_key END) AS readable,
        count(DISTINCT CASE WHEN strength = 'sends_data_to' THEN resource_key END) AS sending
    FROM parties.evidence
    WHERE status IN ('live', 'dormant') AND strength IN ('can_admin', 'can_read_data', 'sends_data_to')
    GROUP BY party_id
),
covering AS (
    SELECT
        party_id,
        max(report_id) AS report_id,
        bool_or(array_contains(categories, 'confidentiality')) AS confidentiality,
        bool_or(array_contains(categories, 'privacy')) AS privacy
    FROM parties.reports
    WHERE reliance IN ('current', 'bridged')
    GROUP BY party_id
)
SELECT
    paths.party_id,
    parties.name,
    paths.readable AS reads,
    paths.sending AS receives,
    covering.report_id AS report,
    coalesce(covering.confidentiality, false) AS covers_confidentiality,
    coalesce(covering.privacy, false) AS covers_privacy,
    parties.in_register
FROM paths
LEFT JOIN parties.third_parties AS parties ON parties.party_id = paths.party_id
LEFT JOIN covering ON covering.party_id = paths.party_id
ORDER BY paths.readable + paths.sending DESC, paths.party_id;
