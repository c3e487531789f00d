//! What can be completed at the prompt: tables, columns, functions and the words of SQL.

use std::collections::BTreeSet;

use carveout_warehouse::{Reader, TableDoc};
use serde::Deserialize;

use crate::error::{CliError, OrFail};

/// Words of SQL that statements here are made of; the database is read-only.
const KEYWORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP BY",
    "ORDER BY",
    "HAVING",
    "LIMIT",
    "INNER JOIN",
    "LEFT JOIN",
    "ANTI JOIN",
    "ON",
    "USING",
    "AS",
    "WITH",
    "UNION ALL",
    "EXCEPT",
    "DISTINCT",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "AND",
    "OR",
    "NOT",
    "IN",
    "IS NULL",
    "IS NOT NULL",
    "LIKE",
    "ILIKE",
    "BETWEEN",
    "EXISTS",
    "FILTER",
    "OVER",
    "PARTITION BY",
    "QUALIFY",
    "DESCRIBE",
    "SUMMARIZE",
    "EXPLAIN",
    "SET VARIABLE",
    "ALL",
    "ASC",
    "DESC",
    "NULLS LAST",
];

/// What begins with a backslash.
pub const COMMANDS: &[(&str, &str)] = &[
    ("\\d", "tables and views; \\d NAME lists the columns of one"),
    ("\\format", "how rows are printed: table, csv, json, ndjson, markdown"),
    ("\\timing", "whether rows are counted and statements timed"),
    ("\\pager", "whether what is longer than the screen goes through $PAGER"),
    ("\\?", "this list"),
    ("\\q", "leave"),
];

/// Everything that a word can become.
#[derive(Debug, Default)]
pub struct Words {
    /// Qualified names, in their order.
    tables: Vec<String>,
    others: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Function {
    function_name: String,
}

impl Words {
    /// The words of an open database.
    pub fn of(reader: &Reader, tables: &[TableDoc]) -> Result<Self, CliError> {
        let functions: Vec<Function> = reader
            .rows(
                "SELECT DISTINCT function_name FROM duckdb_functions()
                 WHERE regexp_matches(function_name, '^[a-z][a-z0-9_]+$') AND NOT starts_with(function_name, 'pragma_')
                 ORDER BY function_name",
                &[],
            )
            .or_fail(|| "can't read the functions".to_owned())?;
        let columns = tables.iter().flat_map(|table| table.columns.iter().map(|column| column.name.clone()));
        let functions = functions.into_iter().map(|function| format!("{}(", function.function_name));
        Ok(Self {
            tables: tables.iter().map(|table| format!("{}.{}", table.schema, table.name)).collect(),
            others: columns.chain(functions).chain(KEYWORDS.iter().map(|word| (*word).to_owned())).collect(),
        })
    }

    /// Where the word before the cursor begins, and what it can become: tables first.
    pub fn complete(&self, line: &str, cursor: usize) -> (usize, Vec<String>) {
        let before = &line[..cursor];
        if before.starts_with('\\') && !before.contains(' ') {
            let commands = COMMANDS.iter().map(|(command, _)| (*command).to_owned());
            return (0, commands.filter(|command| command.starts_with(before)).collect());
        }
        let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.');
        let start = before.rfind(|character| !is_word(character)).map_or(0, |at| at + 1);
        let word = before[start..].to_lowercase();
        if word.is_empty() {
            return (cursor, Vec::new());
        }
        let begins = |candidate: &&String| candidate.to_lowercase().starts_with(&word);
        // A table is found by its own name, too.
        let is_named = |table: &&String| table.split_once('.').is_some_and(|(_, name)| name.starts_with(&word));
        let tables = self.tables.iter().filter(|table| begins(table) || is_named(table));
        (start, tables.chain(self.others.iter().filter(begins)).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words {
            tables: vec!["inventory.resources".to_owned(), "inventory.runs".to_owned(), "aws.s3_bucket".to_owned()],
            others: ["resource_key", "region", "regexp_matches(", "RETURNING"].map(ToOwned::to_owned).into(),
        }
    }

    #[test]
    fn a_table_is_found_by_its_schema_and_by_its_own_name() {
        assert_eq!(words().complete("SELECT * FROM inventory.ru", 26), (14, vec!["inventory.runs".to_owned()]));
        assert_eq!(words().complete("SELECT * FROM s3", 16), (14, vec!["aws.s3_bucket".to_owned()]));
    }

    #[test]
    fn tables_come_before_other_words_whatever_the_case() {
        let (start, found) = words().complete("select RE", 9);
        assert_eq!(start, 7);
        assert_eq!(found[0], "inventory.resources");
        assert!(found.contains(&"region".to_owned()) && found.contains(&"RETURNING".to_owned()), "{found:?}");
    }

    #[test]
    fn nothing_is_offered_for_nothing_and_commands_for_a_backslash() {
        assert_eq!(words().complete("SELECT ", 7), (7, vec![]));
        assert_eq!(words().complete("\\t", 2), (0, vec!["\\timing".to_owned()]));
    }
}
