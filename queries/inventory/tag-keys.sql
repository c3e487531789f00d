/* ---
title = "Which tags are in use, and how they are spelt"
description = """
Every key of tags and labels, upper and lower case taken together: on how many resources it is, with how many values,
and in which spellings. Several spellings of one key are a tagging rule that nobody enforces.
"""
tables = ["inventory.resource_tags", "inventory.resources"]

[[columns]]
name = "tag"
description = "The key in lower case."

[[columns]]
name = "spellings"
description = "How it is written."

[[columns]]
name = "resources"
description = "Live resources that carry it."

[[columns]]
name = "types"
description = "Types of these."

[[columns]]
name = "distinct_values"
description = "How many values it has."
--- */
SELECT
    lower(tags.tag_key) AS tag,
    array_join(array_sort(array_agg(DISTINCT tags.tag_key)), ', ') AS spellings,
    count(DISTINCT tags.resource_key) AS resources,
    count(DISTINCT resources.type) AS types,
    count(DISTINCT tags.tag_value) AS distinct_values
FROM inventory.resource_tags AS tags
INNER JOIN inventory.resources AS resources ON resources.resource_key = tags.resource_key
GROUP BY lower(tags.tag_key)
ORDER BY count(DISTINCT tags.resource_key) DESC, lower(tags.tag_key);
