/* ---
title = "Stores of data"
description = """
One row for each bucket, file system, database, warehouse and table that may hold data of customers. What
classification is sampled from.
"""
tables = ["inventory.resources"]

[[columns]]
name = "provider"
description = "Where it is: aws, azure, gcp, or any for third parties."

[[columns]]
name = "item_key"
description = "The item, once; what a sample is drawn by."

[[columns]]
name = "item_type"
description = "What it is, in the provider's own word."

[[columns]]
name = "scope_id"
description = "The account, subscription or project; NULL where it is in none."

[[columns]]
name = "name"
description = "The name a person gave it."

[[columns]]
name = "happened_at"
description = "When it happened or was made (UTC), where that is known."

[[columns]]
name = "detail"
description = "What an auditor has to know of it."
--- */
SELECT
    provider,
    resource_key AS item_key,
    type AS item_type,
    scope_id,
    name,
    created_at AS happened_at,
    'in ' || region AS detail
FROM inventory.resources
WHERE type IN (
    'AWS::DynamoDB::Table',
    'AWS::EFS::FileSystem',
    'AWS::FSx::FileSystem',
    'AWS::OpenSearchService::Domain',
    'AWS::RDS::DBCluster',
    'AWS::RDS::DBInstance',
    'AWS::Redshift::Cluster',
    'AWS::S3::Bucket',
    'microsoft.dbformysql/flexibleservers',
    'microsoft.dbforpostgresql/flexibleservers',
    'microsoft.documentdb/databaseaccounts',
    'microsoft.sql/managedinstances',
    'microsoft.sql/servers/databases',
    'microsoft.storage/storageaccounts',
    'alloydb.googleapis.com/Cluster',
    'bigquery.googleapis.com/Dataset',
    'bigtableadmin.googleapis.com/Instance',
    'file.googleapis.com/Instance',
    'firestore.googleapis.com/Database',
    'spanner.googleapis.com/Database',
    'sqladmin.googleapis.com/Instance',
    'storage.googleapis.com/Bucket'
)
ORDER BY provider, item_key;
