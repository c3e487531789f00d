/* ---
title = "Every managed database, with engine, version and redundancy"
description = """
Relational databases of the three clouds side by side. What a provider's answer does not tell is empty. Versions that
are no longer supported fail checks of VM-04, public addresses those of DP-04.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "region"
description = "The region."

[[columns]]
name = "resource_key"
description = "The database or its server."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "engine"
description = "The database engine."

[[columns]]
name = "version"
description = "Its version."

[[columns]]
name = "size"
description = "The provider's name for its size."

[[columns]]
name = "redundancy"
description = "The provider's word for how it stands a failure."

[[columns]]
name = "created_at"
description = "When it was created, where the provider says so."
--- */
SELECT
    provider,
    scope_id,
    region,
    resource_key,
    name,
    CASE type
        WHEN 'AWS::RDS::DBInstance' THEN config ->> '$.Engine'
        WHEN 'microsoft.sql/servers/databases' THEN 'sqlserver'
        WHEN 'microsoft.dbforpostgresql/flexibleservers' THEN 'postgres'
        WHEN 'microsoft.dbformysql/flexibleservers' THEN 'mysql'
        ELSE lower(regexp_replace(config ->> '$.databaseVersion', '_.*$', ''))
    END AS engine,
    CASE type
        WHEN 'AWS::RDS::DBInstance' THEN config ->> '$.EngineVersion'
        WHEN 'sqladmin.googleapis.com/Instance' THEN regexp_replace(config ->> '$.databaseVersion', '^[A-Z]+_', '')
        ELSE config ->> '$.properties.version'
    END AS version,
    CASE type
        WHEN 'AWS::RDS::DBInstance' THEN config ->> '$.DBInstanceClass'
        WHEN 'sqladmin.googleapis.com/Instance' THEN config ->> '$.settings.tier'
        ELSE config ->> '$.sku.name'
    END AS size,
    CASE type
        WHEN 'AWS::RDS::DBInstance' THEN
            CASE config ->> '$.MultiAZ' WHEN 'true' THEN 'multi-az' WHEN 'false' THEN 'single-az' END
        WHEN 'sqladmin.googleapis.com/Instance' THEN lower(config ->> '$.settings.availabilityType')
        WHEN 'microsoft.sql/servers/databases' THEN
            CASE config ->> '$.properties.zoneRedundant'
                WHEN 'true' THEN 'zone redundant'
                WHEN 'false' THEN 'not zone redundant'
            END
        ELSE lower(config ->> '$.properties.highAvailability.mode')
    END AS redundancy,
    created_at
FROM inventory.resources
WHERE type IN (
        'AWS::RDS::DBInstance',
        'microsoft.sql/servers/databases',
        'microsoft.dbforpostgresql/flexibleservers',
        'microsoft.dbformysql/flexibleservers',
        'sqladmin.googleapis.com/Instance'
    )
    AND coalesce(getvariable('provider'), '') IN ('', provider)
ORDER BY provider, scope_id, region, resource_key;
