-- What derived tables held in earlier runs. The tables of this schema are made from the tables that they are the history
-- of, after every upgrade: history.rs.
CREATE SCHEMA history;

CREATE TABLE meta.history (
    estate_from_run BIGINT NOT NULL,
    derived_from_run BIGINT NOT NULL
);
COMMENT ON TABLE meta.history IS 'One row: how far back this file can answer as of an earlier run.';
COMMENT ON COLUMN meta.history.estate_from_run IS 'The first run whose resources, changes and coverage are still whole; 0 where nothing was pruned.';
COMMENT ON COLUMN meta.history.derived_from_run IS 'The first run whose third parties, checks, obligations and other derived rows are still whole: later than the estate''s where an earlier version of carveout wrote the file.';

INSERT INTO meta.history (estate_from_run, derived_from_run)
SELECT 0, coalesce(run_id, 0) FROM meta.state;
