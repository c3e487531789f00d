-- Roles of 500 accounts.
INSERT INTO inventory.resource_history (
    resource_key, valid_from_run, content_hash, provider, scope_id, region, service, service_model, type, name, config,
    first_seen_at, last_seen_at, changed_at, last_seen_run, found_by
)
SELECT
    printf('arn:aws:iam::%012d:role/workload-%07d', 100000000000 + number % 500, number),
    1,
    printf('%032x', number),
    'aws',
    printf('%012d', 100000000000 + number % 500),
    'global',
    'iam',
    'iaas',
    'AWS::IAM::Role',
    printf('workload-%07d', number),
    '{}',
    TIMESTAMP '2026-01-01',
    TIMESTAMP '2026-01-01',
    TIMESTAMP '2026-01-01',
    1,
    'bench'
