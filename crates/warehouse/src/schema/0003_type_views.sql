-- A schema per provider for the views of its resource types, which come from the connectors' catalogues.
CREATE SCHEMA aws;
CREATE SCHEMA azure;
CREATE SCHEMA gcp;

CREATE TABLE meta.type_views (
    provider VARCHAR NOT NULL,
    view_name VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    definition_hash VARCHAR NOT NULL
);
COMMENT ON TABLE meta.type_views IS 'The views of resource types, as this file has them.';
COMMENT ON COLUMN meta.type_views.provider IS 'aws, azure or gcp; also the schema of the view.';
COMMENT ON COLUMN meta.type_views.view_name IS 'The view.';
COMMENT ON COLUMN meta.type_views.type IS 'The provider''s own type name.';
COMMENT ON COLUMN meta.type_views.definition_hash IS 'BLAKE3 of the statements that made it, so that only what changed is made again.';
