-- What carveout itself has to know of the file. Comes first: the version is read before anything else.
CREATE SCHEMA meta;

CREATE TABLE meta.schema_version (
    version BIGINT NOT NULL,
    applied_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE meta.schema_version IS 'The migrations that were applied; the greatest version is the schema of this file.';
COMMENT ON COLUMN meta.schema_version.version IS '1 for the first.';
COMMENT ON COLUMN meta.schema_version.applied_at IS 'When it was applied (UTC).';

CREATE TABLE meta.state (
    revision BIGINT NOT NULL,
    run_id BIGINT,
    sealed_at TIMESTAMP
);
COMMENT ON TABLE meta.state IS 'One row: what this file holds.';
COMMENT ON COLUMN meta.state.revision IS 'Counts every sealed run and every later derivation; the ledger beside the file is kept by it.';
COMMENT ON COLUMN meta.state.run_id IS 'The last sealed run; NULL before the first.';
COMMENT ON COLUMN meta.state.sealed_at IS 'When this revision was sealed (UTC).';

INSERT INTO meta.state (revision, run_id, sealed_at) VALUES (0, NULL, NULL);

CREATE MACRO array_join(list, separator) AS array_to_string(list, separator);
COMMENT ON MACRO array_join IS 'The texts of a list in one text; named as Spark SQL names it, so that queries run on both.';
