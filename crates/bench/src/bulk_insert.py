"""DuckDB's own bulk insert of the benchmark's rows: bulk_insert.py ROWS.ndjson NEW.duckdb prints what it took as JSON."""
import json
import os
import sys
import time

import duckdb

rows, database = sys.argv[1:]
connection = duckdb.connect(database)
connection.execute("SET enable_progress_bar = false")  # it would go to standard output, between the figures
text = ["resource_key", "provider", "scope_id", "region", "service", "service_model", "type_name", "name"]
columns = {**{name: "VARCHAR" for name in text}, "tags": "JSON", "config": "JSON"}
table = ", ".join(f"{name} {kind}" for name, kind in columns.items()).replace("config JSON", "config JSON USING COMPRESSION zstd")
started, before = time.perf_counter(), os.times()
connection.execute(f"CREATE TABLE resources ({table})")
connection.execute(
    f"INSERT INTO resources SELECT {', '.join(columns)} FROM read_json(?, format = 'newline_delimited', columns = {columns})", [rows]
)
connection.execute("CHECKPOINT")
wall, after = time.perf_counter() - started, os.times()
count = connection.execute("SELECT count(*) FROM resources").fetchall()[0][0]
connection.close()
print(json.dumps({
    "wall_seconds": wall,
    "cpu_seconds": after.user + after.system - before.user - before.system,
    "rows": count,
    "bytes": os.path.getsize(database),
}))
