WITH tables AS (
    SELECT schema_name, table_name, comment FROM duckdb_tables()
    WHERE database_name = 'published' AND NOT internal
    UNION ALL
    SELECT schema_name, view_name AS table_name, comment FROM duckdb_views()
    WHERE database_name = 'published' AND NOT internal
)
SELECT
    columns.schema_name,
    columns.table_name,
    tables.comment AS table_comment,
    columns.column_name,
    columns.data_type,
    columns.comment AS column_comment
FROM duckdb_columns() AS columns
INNER JOIN tables ON tables.schema_name = columns.schema_name AND tables.table_name = columns.table_name
WHERE NOT columns.internal AND columns.database_name = 'published'
ORDER BY columns.schema_name, columns.table_name, columns.column_index;
