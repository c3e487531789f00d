"""Reads a published database again and again until it is told to stop, and fails when rows of two runs are mixed.

    reader.py DATABASE STOP_FILE [COMMAND_LINE]

With COMMAND_LINE, each look is one run of that DuckDB command line; otherwise the `duckdb` module opens the file. Prints one
JSON object: how often it looked, which runs it saw, and which DuckDB it was.
"""

import json
import os
import subprocess
import sys
import time

# One statement, so that the command line sees one state too. Every value of a run belongs to that run.
LOOK = """
SELECT
    (SELECT run_id FROM meta.state) AS run_id,
    (SELECT max(run_id) FROM inventory.coverage) AS covered_run,
    (SELECT max(run_id) FROM inventory.runs WHERE status IN ('complete', 'partial')) AS sealed_run,
    (SELECT min(run_id) FROM controls.check_results) AS first_checked_run,
    (SELECT max(run_id) FROM controls.check_results) AS last_checked_run,
    (SELECT max(last_seen_run) FROM parties.evidence) AS evidence_run,
    (SELECT count(*) FROM inventory.resources) AS resources,
    (SELECT resources FROM inventory.runs WHERE run_id = (SELECT run_id FROM meta.state)) AS resources_of_run,
    (SELECT count(DISTINCT party_id) FROM graph.nodes WHERE kind = 'third_party')
        - (SELECT count(*) FROM parties.third_parties) AS parties_without_a_node,
    version() AS duckdb
"""


def look_with_module(database):
    import duckdb

    connection = duckdb.connect(database, read_only=True)
    try:
        result = connection.execute(LOOK)
        names = [column[0] for column in result.description]
        return dict(zip(names, result.fetchone()))
    finally:
        connection.close()


def look_with_command_line(command_line, database):
    done = subprocess.run(
        [command_line, "-readonly", "-json", database, LOOK], capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)[0]


def main():
    database, stop_file = sys.argv[1:3]
    command_line = sys.argv[3] if len(sys.argv) > 3 else None
    looks, runs, version = 0, set(), None
    while not os.path.exists(stop_file):
        seen = look_with_command_line(command_line, database) if command_line else look_with_module(database)
        run_id = seen["run_id"]
        for name in ("covered_run", "sealed_run", "first_checked_run", "last_checked_run", "evidence_run"):
            if seen[name] != run_id:
                sys.exit(f"rows of run {seen[name]} ({name}) beside run {run_id}: {seen}")
        if seen["resources"] != seen["resources_of_run"] or seen["parties_without_a_node"] != 0:
            sys.exit(f"counts that do not belong together: {seen}")
        if runs and run_id < max(runs):
            sys.exit(f"run {run_id} after run {max(runs)}")
        runs.add(run_id)
        version = seen["duckdb"]
        looks += 1
        time.sleep(1)
    print(json.dumps({"looks": looks, "runs": sorted(runs), "duckdb": version}))


if __name__ == "__main__":
    main()
