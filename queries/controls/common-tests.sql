/* ---
title = "How much of the repetition one common test could serve"
description = """
One row for each control that repeats at several third parties and rests on a single implementation: where it repeats, the hours
of all places, and the hours that one test for all of them would save (all places but the dearest).
"""
tables = ["controls.common_tests", "controls.controls", "scoping.obligations"]

[[parameters]]
name = "scenario"
type = "text"
default = "current"
description = "The scenario."

[[columns]]
name = "control_id"
description = "The control."

[[columns]]
name = "control"
description = "Its title."

[[columns]]
name = "rests_on"
description = "The single implementation that the test would look at."

[[columns]]
name = "parties"
description = "Third parties at which the control repeats."

[[columns]]
name = "hours_likely"
description = "Hours at all of them, most likely."

[[columns]]
name = "hours_saved"
description = "Hours that one test for all of them would save."
--- */
WITH places AS (
    SELECT control_id, party_id, sum(hours_likely) AS hours
    FROM scoping.obligations
    WHERE scenario = coalesce(getvariable('scenario'), 'current')
        AND treatment IN ('customer', 'shared')
        AND party_id <> 'organization'
    GROUP BY control_id, party_id
)
SELECT
    places.control_id,
    controls.title AS control,
    common_tests.rests_on,
    count(*) AS parties,
    round(sum(places.hours), 1) AS hours_likely,
    round(sum(places.hours) - max(places.hours), 1) AS hours_saved
FROM places
INNER JOIN controls.common_tests AS common_tests ON common_tests.control_id = places.control_id
INNER JOIN controls.controls AS controls ON controls.control_id = places.control_id
GROUP BY places.control_id, controls.title, common_tests.rests_on
HAVING count(*) > 1
ORDER BY hours_saved DESC, places.control_id;
