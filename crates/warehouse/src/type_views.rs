//! The views of resource types (`aws.s3_bucket`): made from the connectors' catalogues, over the live estate.

use std::collections::BTreeMap;

use carveout_model::{ColumnType, TypeView, TypedColumn};
use duckdb::{Connection, params};

use crate::{
    WarehouseError, error,
    rows::{identifier, literal},
};

/// Makes the views that are not there or are defined differently now, and drops those of types that are gone, in one
/// transaction.
///
/// # Errors
/// DuckDB refuses.
pub(crate) fn define(connection: &Connection, views: &[TypeView]) -> Result<(), WarehouseError> {
    let doing = error::database("defining the views of resource types");
    let mut known = known(connection)?;
    let mut changed = Vec::new();
    for view in views {
        let statements = statements(view);
        let hash = blake3::hash(statements.as_bytes()).to_hex().to_string();
        let key = (view.provider.as_str().to_owned(), view.name.clone());
        if known.remove(&key).as_ref() != Some(&hash) {
            changed.push((view, statements, hash));
        }
    }
    if changed.is_empty() && known.is_empty() {
        return Ok(());
    }
    let transaction = connection.unchecked_transaction().map_err(&doing)?;
    for (provider, name) in known.keys() {
        transaction.execute_batch(&format!("DROP VIEW IF EXISTS {provider}.{}", identifier(name))).map_err(&doing)?;
        forget(&transaction, provider, name)?;
    }
    for (view, statements, hash) in changed {
        let provider = view.provider.as_str();
        transaction.execute_batch(&statements).map_err(&doing)?;
        forget(&transaction, provider, &view.name)?;
        transaction
            .execute(
                "INSERT INTO meta.type_views (provider, view_name, type, definition_hash) VALUES (?, ?, ?, ?)",
                params![provider, view.name, view.type_name, hash],
            )
            .map_err(&doing)?;
    }
    transaction.commit().map_err(&doing)
}

/// The hash of every view that is there, by provider and name.
fn known(connection: &Connection) -> Result<BTreeMap<(String, String), String>, WarehouseError> {
    let doing = error::database("reading the views of resource types");
    let mut statement =
        connection.prepare("SELECT provider, view_name, definition_hash FROM meta.type_views").map_err(&doing)?;
    let rows = statement
        .query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))
        .and_then(Iterator::collect)
        .map_err(&doing)?;
    Ok(rows)
}

fn forget(connection: &Connection, provider: &str, name: &str) -> Result<(), WarehouseError> {
    connection
        .execute("DELETE FROM meta.type_views WHERE provider = ? AND view_name = ?", params![provider, name])
        .map(drop)
        .map_err(error::database("defining the views of resource types"))
}

/// The statements that make a view and say what it and its columns mean.
fn statements(view: &TypeView) -> String {
    let place = format!("{}.{}", view.provider.as_str(), identifier(&view.name));
    let common = TypeView::COMMON.iter().map(|(name, _)| format!("    {name}"));
    let typed = view.columns.iter().map(|column| format!("    {} AS {}", expression(column), identifier(&column.name)));
    let columns: Vec<String> = common.chain(typed).chain(["    config".to_owned()]).collect();
    let mut text = format!(
        "CREATE OR REPLACE VIEW {place} AS\nSELECT\n{}\nFROM inventory.resources\nWHERE type = {};\n",
        columns.join(",\n"),
        literal(&view.type_name),
    );
    text.push_str(&format!(
        "COMMENT ON VIEW {place} IS {};\n",
        literal(&format!("{} ({})", view.description.trim_end_matches('.'), view.type_name))
    ));
    let typed = view.columns.iter().map(|column| (column.name.as_str(), column.description.as_str()));
    let whole = ("config", "The provider's whole answer, in the provider's own field names.");
    for (name, comment) in TypeView::COMMON.iter().copied().chain(typed).chain([whole]) {
        text.push_str(&format!("COMMENT ON COLUMN {place}.{} IS {};\n", identifier(name), literal(comment)));
    }
    text
}

/// A column's value; a path that can reach several places gives a list. What is not of the column's type is NULL.
fn expression(column: &TypedColumn) -> String {
    let path = literal(&column.path.to_sql_json());
    let cast = match column.column_type {
        ColumnType::Json if column.path.is_many() => return format!("json_extract(config, {path})"),
        ColumnType::Json => return format!("config -> {path}"),
        ColumnType::Text => return format!("config ->> {path}"),
        ColumnType::Integer => "BIGINT",
        ColumnType::Float => "DOUBLE",
        ColumnType::Boolean => "BOOLEAN",
        ColumnType::Timestamp => "TIMESTAMP",
    };
    let list = if column.path.is_many() { "[]" } else { "" };
    format!("try_cast(config ->> {path} AS {cast}{list})")
}

#[cfg(test)]
mod tests {
    use carveout_model::Provider;

    use super::*;
    use crate::migration::{self, MIGRATIONS};

    fn column(name: &str, path: &str, column_type: ColumnType) -> TypedColumn {
        TypedColumn {
            name: name.to_owned(),
            path: path.parse().expect("a path"),
            column_type,
            description: "It's said here.".to_owned(),
        }
    }

    fn bucket(columns: Vec<TypedColumn>) -> TypeView {
        TypeView {
            provider: Provider::Aws,
            name: "s3_bucket".to_owned(),
            type_name: "AWS::S3::Bucket".to_owned(),
            description: "A bucket.".to_owned(),
            columns,
        }
    }

    fn database(config: &str) -> Connection {
        let connection = Connection::open_in_memory().expect("a database");
        migration::migrate(&connection, std::path::Path::new("test"), MIGRATIONS).expect("it is new");
        connection
            .execute(
                "INSERT INTO inventory.resource_history BY NAME SELECT 'arn:aws:s3:::a' AS resource_key,
                 1 AS valid_from_run, '' AS content_hash, 'aws' AS provider, '111122223333' AS scope_id,
                 'global' AS region, 's3' AS service, 'paas' AS service_model, 'AWS::S3::Bucket' AS type,
                 ?::JSON AS config, TIMESTAMP '2026-01-01' AS first_seen_at, TIMESTAMP '2026-01-01' AS last_seen_at,
                 TIMESTAMP '2026-01-01' AS changed_at, 1 AS last_seen_run, 'u' AS found_by",
                params![config],
            )
            .expect("a row");
        connection
    }

    fn one(connection: &Connection, sql: &str) -> String {
        connection.query_row(sql, [], |row| row.get(0)).expect("one row")
    }

    #[test]
    fn columns_have_their_types_and_lists_where_a_path_forks() {
        let connection =
            database(r#"{"Size": "12", "On": true, "At": "2026-01-02T03:04:05Z", "Rules": [{"A": "x"}, {"A": "y"}]}"#);
        let view = bucket(vec![
            column("size", "Size", ColumnType::Integer),
            column("is_on", "On", ColumnType::Boolean),
            column("seen_at", "At", ColumnType::Timestamp),
            column("rules", "Rules[].A", ColumnType::Text),
            column("counts", "Rules[].A", ColumnType::Integer),
            column("first", "Rules", ColumnType::Json),
        ]);
        define(&connection, &[view]).expect("it can be");
        let row = one(
            &connection,
            "SELECT concat_ws('|', size + 1, is_on, seen_at, rules::VARCHAR, counts::VARCHAR, first) FROM aws.s3_bucket",
        );
        assert_eq!(row, r#"13|true|2026-01-02 03:04:05|[x, y]|[NULL, NULL]|[{"A":"x"},{"A":"y"}]"#);
    }

    #[test]
    fn only_what_changed_is_made_again_and_what_is_gone_is_dropped() {
        let connection = database("{}");
        let views = "SELECT count(*)::VARCHAR FROM duckdb_views() WHERE schema_name = 'aws'";
        define(&connection, &[bucket(vec![])]).expect("it can be");
        define(&connection, &[bucket(vec![])]).expect("nothing to do");
        assert_eq!(one(&connection, views), "1");
        define(&connection, &[bucket(vec![column("size", "Size", ColumnType::Integer)])]).expect("it is replaced");
        assert_eq!(one(&connection, "SELECT (count(size))::VARCHAR FROM aws.s3_bucket"), "0");
        define(&connection, &[]).expect("it is dropped");
        assert_eq!(one(&connection, views), "0");
        assert_eq!(one(&connection, "SELECT count(*)::VARCHAR FROM meta.type_views"), "0");
    }

    #[test]
    fn a_view_and_its_columns_have_comments() {
        let connection = database("{}");
        define(&connection, &[bucket(vec![column("size", "Size", ColumnType::Integer)])]).expect("it can be");
        let comment = "SELECT comment FROM duckdb_views() WHERE view_name = 's3_bucket'";
        assert_eq!(one(&connection, comment), "A bucket (AWS::S3::Bucket)");
        let bare = "SELECT count(*)::VARCHAR FROM duckdb_columns() WHERE table_name = 's3_bucket' AND comment IS NULL";
        assert_eq!(one(&connection, bare), "0");
    }
}
