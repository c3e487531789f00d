//! The schema, version by version.

use std::path::Path;

use duckdb::{Connection, params};

use crate::{DatabaseFailure, WarehouseError, error, history};

/// What one version adds.
#[derive(Debug)]
pub(crate) struct Migration {
    pub(crate) version: u32,
    pub(crate) scripts: &'static [&'static str],
}

/// Every version, oldest first. A version that was released is never edited: what changes is a new one.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        scripts: &[
            include_str!("schema/0001_meta.sql"),
            include_str!("schema/0001_inventory.sql"),
            include_str!("schema/0001_parties.sql"),
            include_str!("schema/0001_graph.sql"),
            include_str!("schema/0001_controls.sql"),
            include_str!("schema/0001_scoping.sql"),
        ],
    },
    Migration { version: 2, scripts: &[include_str!("schema/0002_evidence.sql")] },
    Migration {
        version: 3,
        scripts: &[
            include_str!("schema/0003_type_views.sql"),
            include_str!("schema/0003_history.sql"),
            include_str!("schema/0003_documents.sql"),
            include_str!("schema/0003_reliance.sql"),
        ],
    },
];

/// The last version of a list of migrations.
pub(crate) fn last_version(migrations: &[Migration]) -> u32 {
    migrations.last().map_or(0, |migration| migration.version)
}

/// The version of an open file: 0 for one without a table.
pub(crate) fn version_of(connection: &Connection, path: &Path) -> Result<u32, WarehouseError> {
    let unreadable = |source| WarehouseError::Unreadable { path: path.to_path_buf(), source: error::failure(source) };
    let (tables, versions): (i64, i64) = connection
        .query_row(
            "SELECT count(*), count(*) FILTER (WHERE schema_name = 'meta' AND table_name = 'schema_version')
             FROM duckdb_tables() WHERE database_name = current_database()",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(unreadable)?;
    match (tables, versions) {
        (0, _) => Ok(0),
        (_, 0) => Err(WarehouseError::Unreadable {
            path: path.to_path_buf(),
            source: DatabaseFailure { message: "it is a DuckDB file without a meta.schema_version".to_owned() },
        }),
        _ => connection
            .query_row("SELECT coalesce(max(version), 0) FROM meta.schema_version", [], |row| row.get(0))
            .map_err(unreadable),
    }
}

/// What an open file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) version: u32,
    pub(crate) revision: u64,
}

/// The version and the revision of an open file, in one statement; a file that is not ours is told apart only when that
/// fails.
pub(crate) fn held_by(connection: &Connection, path: &Path) -> Result<Held, WarehouseError> {
    let read = connection.query_row(
        "SELECT (SELECT max(version) FROM meta.schema_version), (SELECT revision FROM meta.state)",
        [],
        |row| Ok(Held { version: row.get(0)?, revision: row.get(1)? }),
    );
    read.or_else(|source| {
        // A later version may keep its revision elsewhere.
        let version = version_of(connection, path)?;
        refuse_newer(path, version, last_version(MIGRATIONS))?;
        Err(WarehouseError::Unreadable { path: path.to_path_buf(), source: error::failure(source) })
    })
}

/// Refuses a file that a later version wrote.
pub(crate) fn refuse_newer(path: &Path, found: u32, supported: u32) -> Result<(), WarehouseError> {
    if found > supported {
        return Err(WarehouseError::NewerSchema { path: path.to_path_buf(), found, supported });
    }
    Ok(())
}

/// Brings a file to the last version in one transaction: all of it, or the file as it was.
pub(crate) fn migrate(connection: &Connection, path: &Path, migrations: &[Migration]) -> Result<(), WarehouseError> {
    let found = version_of(connection, path)?;
    refuse_newer(path, found, last_version(migrations))?;
    let missing: Vec<&Migration> = migrations.iter().filter(|migration| migration.version > found).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let doing = error::database("upgrading the schema");
    let transaction = connection.unchecked_transaction().map_err(&doing)?;
    for migration in missing {
        for script in migration.scripts {
            transaction.execute_batch(script).map_err(&doing)?;
        }
        transaction
            .execute(
                "INSERT INTO meta.schema_version (version, applied_at) VALUES (?, ?)",
                params![migration.version, timestamp(jiff::Timestamp::now())],
            )
            .map_err(&doing)?;
    }
    history::prepare(&transaction)?;
    transaction.commit().map_err(&doing)
}

/// An instant as a parameter.
pub(crate) fn timestamp(at: jiff::Timestamp) -> duckdb::types::Value {
    duckdb::types::Value::Timestamp(duckdb::types::TimeUnit::Microsecond, at.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLDER: &[Migration] = &[Migration {
        version: 1,
        scripts: &["CREATE SCHEMA meta; CREATE TABLE meta.schema_version (version BIGINT, applied_at TIMESTAMP);"],
    }];
    const NEWER: &[Migration] = &[
        Migration { version: 1, scripts: &[] },
        Migration { version: 2, scripts: &["CREATE TABLE meta.extra (a INTEGER);"] },
    ];
    const BROKEN: &[Migration] = &[
        Migration { version: 1, scripts: &[] },
        Migration {
            version: 2,
            scripts: &["CREATE TABLE meta.extra (a INTEGER);", "CREATE TABLE nowhere.x (a INTEGER);"],
        },
    ];

    fn path() -> &'static Path {
        Path::new("test.duckdb")
    }

    #[test]
    fn an_older_file_is_upgraded() {
        let connection = Connection::open_in_memory().expect("a database");
        migrate(&connection, path(), OLDER).expect("it is new");
        migrate(&connection, path(), NEWER).expect("it is older");
        assert_eq!(version_of(&connection, path()).expect("it has one"), 2);
    }

    #[test]
    fn an_upgrade_that_fails_leaves_the_file_as_it_was() {
        let connection = Connection::open_in_memory().expect("a database");
        migrate(&connection, path(), OLDER).expect("it is new");
        assert!(matches!(migrate(&connection, path(), BROKEN), Err(WarehouseError::Database { .. })));
        assert_eq!(version_of(&connection, path()).expect("it has one"), 1);
        assert!(connection.prepare("SELECT a FROM meta.extra").is_err());
    }

    #[test]
    fn a_newer_file_is_refused() {
        let connection = Connection::open_in_memory().expect("a database");
        migrate(&connection, path(), OLDER).expect("it is new");
        migrate(&connection, path(), NEWER).expect("it is older");
        let refused = migrate(&connection, path(), OLDER);
        assert!(matches!(refused, Err(WarehouseError::NewerSchema { found: 2, supported: 1, .. })));
    }

    #[test]
    fn a_duckdb_file_of_somebody_else_is_refused() {
        let connection = Connection::open_in_memory().expect("a database");
        connection.execute_batch("CREATE TABLE theirs (a INTEGER)").expect("a table");
        assert!(matches!(migrate(&connection, path(), MIGRATIONS), Err(WarehouseError::Unreadable { .. })));
    }

    #[test]
    fn every_table_and_column_has_a_comment() {
        let connection = Connection::open_in_memory().expect("a database");
        migrate(&connection, path(), MIGRATIONS).expect("it is new");
        let mut statement = connection
            .prepare(
                "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE comment IS NULL
                 UNION ALL SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE comment IS NULL AND NOT internal
                 UNION ALL SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns()
                 WHERE comment IS NULL AND NOT internal",
            )
            .expect("catalogue views");
        let bare: Vec<String> =
            statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("texts");
        assert_eq!(bare, Vec::<String>::new());
    }
}
