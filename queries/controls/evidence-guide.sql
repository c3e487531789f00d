/* ---
title = "What shows a criterion in a cloud, instead of the traditional test"
description = """
For each criterion and cloud: the test as it is written for data centres, what shows the same in the cloud, and the
packaged query that lists it.
"""
tables = ["controls.criteria", "controls.evidence_guide"]

[[parameters]]
name = "criterion"
type = "text"
default = ""
description = "Only this criterion; all without it."

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "criterion_id"
description = "The criterion."

[[columns]]
name = "criterion"
description = "Its short title."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "traditional_test"
description = "The test as it is written for data centres and appliances."

[[columns]]
name = "cloud_native_evidence"
description = "What shows the same in this cloud."

[[columns]]
name = "query"
description = "The packaged query that lists it; empty where there is none."
--- */
SELECT
    guide.criterion_id,
    criteria.title AS criterion,
    guide.provider,
    guide.traditional_test,
    guide.cloud_native_evidence,
    guide.query_name AS query
FROM controls.evidence_guide AS guide
LEFT JOIN controls.criteria AS criteria ON criteria.criterion_id = guide.criterion_id
WHERE coalesce(getvariable('criterion'), '') IN ('', guide.criterion_id)
    AND coalesce(getvariable('provider'), '') IN ('', guide.provider)
ORDER BY guide.criterion_id, guide.provider, guide.traditional_test, guide.cloud_native_evidence;
