-- What checks found, by control and third party.
SELECT
    control_id,
    party_id,
    sum(passed) AS passed,
    sum(failed) AS failed,
    sum(unknown) AS unknown,
    sum(not_applicable) AS not_applicable
FROM controls.check_summary
WHERE party_id IS NOT NULL
GROUP BY control_id, party_id
ORDER BY control_id, party_id;
