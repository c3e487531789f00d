-- The same number of rows for each party that resources show, in the order in which a run writes them.
INSERT INTO parties.evidence (
    party_id, resource_key, signal, relation, strength, direction, detail, relation_confidence, attribution_confidence,
    status, first_seen_run, last_seen_run
)
SELECT
    printf('party-%04d', number // 2500),
    printf('arn:aws:iam::%012d:role/workload-%07d', 100000000000 + number % 500, number % 1000000),
    'iam_trust_policy',
    'reads_data',
    'can_read_data',
    'in',
    json_object(
        'path', 'AssumeRolePolicyDocument.Statement[0].Principal.AWS',
        'value', printf('arn:aws:iam::%012d:root', 200000000000 + number // 2500)
    ),
    0.9,
    0.9,
    'live',
    1,
    1
