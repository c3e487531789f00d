/* ---
title = "Build takes its source from a party of the register"
description = """
Code that is built and released comes from known places. Compares the party that the source belongs to with the
register of vendors; sources inside AWS pass.
"""
tables = ["inventory.resources", "parties.evidence", "parties.third_parties"]

[check]
control = "CH-05"
criteria = ["CC8.1", "CC6.3"]
provider = "aws"
resource_type = "AWS::CodeBuild::Project"
--- */
WITH sources AS (
    SELECT
        evidence.resource_key,
        string_agg(DISTINCT parties.name, ', ' ORDER BY parties.name) AS names,
        string_agg(DISTINCT parties.name, ', ' ORDER BY parties.name)
            FILTER (WHERE NOT parties.in_register) AS unknown_names
    FROM parties.evidence AS evidence
    INNER JOIN parties.third_parties AS parties ON parties.party_id = evidence.party_id
    WHERE evidence.status IN ('live', 'dormant') AND evidence.relation = 'supplies_code'
    GROUP BY evidence.resource_key
),
builds AS (
    SELECT
        builds.resource_key,
        list_contains(builds.unread, 'BatchGetProjects')
           
            OR NOT json_exists(builds.config, '$.BatchGetProjects') AS is_unread,
        coalesce(builds.config ->> '$.BatchGetProjects.projects[0].source.type', 'not stated') AS source_type,
        sources.names AS names,
        sources.unknown_names AS unknown_names
    FROM inventory.resources AS builds
    LEFT JOIN sources ON sources.resource_key = builds.resource_key
    WHERE builds.type = 'AWS::CodeBuild::Project'
)
SELECT
    resource_key,
    CASE
        WHEN unknown_names IS NOT NULL THEN 'fail'
        WHEN is_unread THEN 'unknown'
        WHEN source_type IN ('CODECOMMIT', 'CODEPIPELINE', 'S3', 'NO_SOURCE') THEN 'pass'
        WHEN names IS NULL THEN 'unknown'
        ELSE 'pass'
    END AS status,
    CASE
        WHEN unknown_names IS NOT NULL THEN 'not in the register: ' || unknown_names
        WHEN is_unread THEN 'the project could not be read'
        WHEN source_type IN ('CODECOMMIT', 'CODEPIPELINE', 'S3', 'NO_SOURCE') THEN 'source is ' || lower(source_type)
        WHEN names IS NULL THEN 'nobody knows whose source it is: ' || lower(source_type)
        ELSE 'in the register: ' || names
    END AS reason
FROM builds
ORDER BY resource_key;
