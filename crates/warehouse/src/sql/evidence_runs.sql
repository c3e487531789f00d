-- Evidence that was there before keeps the run that saw it first, and names the last run that saw its resource. A
-- statement may move inside a policy, so the value counts and not its path; nor does whose it is, which the directory may
-- have learned since: a party that was only named is not a new one.
UPDATE parties.evidence AS evidence
SET first_seen_run = earlier.first_seen_run
FROM (
    SELECT resource_key, signal, relation, detail ->> '$.value' AS value, min(first_seen_run) AS first_seen_run
    FROM earlier_evidence
    GROUP BY resource_key, signal, relation, detail ->> '$.value'
) AS earlier
WHERE earlier.resource_key = evidence.resource_key
    AND earlier.signal = evidence.signal
    AND earlier.relation = evidence.relation
    AND earlier.value IS NOT DISTINCT FROM (evidence.detail ->> '$.value');

UPDATE parties.evidence AS evidence
SET last_seen_run = live.last_seen_run
FROM inventory.resource_history AS live
WHERE live.resource_key = evidence.resource_key AND live.valid_to_run IS NULL;

UPDATE parties.third_parties AS parties
SET first_seen_run = earlier.first_seen_run
FROM (
    SELECT party_id, min(first_seen_run) AS first_seen_run
    FROM (
        SELECT party_id, first_seen_run FROM earlier_parties
        UNION ALL
        SELECT party_id, first_seen_run FROM parties.evidence
    ) AS seen
    GROUP BY party_id
) AS earlier
WHERE earlier.party_id = parties.party_id;

DROP TABLE earlier_evidence;
DROP TABLE earlier_parties;
