-- Copies of audit entries, version 1. Take this file into the migrations of the database that keeps the audit trail.
--
-- What it needs to be safe: a role for the services that may only SELECT and INSERT here, another for those who look, and
-- nobody but the owner who may change or remove. `synchronous_commit` and `fsync` as they are by default.
--
--     GRANT SELECT, INSERT ON civic_audit_stream, civic_audit_place, civic_audit_entry TO licensing;
--     GRANT SELECT ON civic_audit TO auditor;
--
-- Retention: each class has a partition. What is over in one is removed by the owner of the tables, for example
--
--     DELETE FROM civic_audit_entry_access WHERE logged_time < now() - interval '2 years';
--
-- and stays known in civic_audit_place by its hash, so that nothing comes back by a delivery that is made again.

CREATE TABLE IF NOT EXISTS civic_audit_stream (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE
);

-- Every place of every stream that was ever taken, with the hash of its entry as a leaf of the stream's tree (RFC 6962).
--
-- A unique constraint of a partitioned table has to contain the partition key, so civic_audit_entry alone would take one
-- sequence once for each class of retention. Here the stream and the sequence are unique by themselves, and an entry can only
-- be where its place says it is.
CREATE TABLE IF NOT EXISTS civic_audit_place (
    stream_id integer NOT NULL REFERENCES civic_audit_stream (id),
    seq bigint NOT NULL CHECK (seq >= 0),
    retention text COLLATE "C" NOT NULL,
    leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
    PRIMARY KEY (stream_id, seq),
    UNIQUE (stream_id, seq, retention)
);

CREATE TABLE IF NOT EXISTS civic_audit_entry (
    stream_id integer NOT NULL,
    seq bigint NOT NULL,
    retention text COLLATE "C" NOT NULL,
    id uuid NOT NULL,
    logged_time timestamptz NOT NULL,
    class text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    -- Byte by byte as the ledger has it, so that proofs hold; for queries, entry::jsonb.
    entry text NOT NULL,
    PRIMARY KEY (retention, stream_id, seq),
    FOREIGN KEY (stream_id, seq, retention) REFERENCES civic_audit_place (stream_id, seq, retention)
) PARTITION BY LIST (retention);

CREATE TABLE IF NOT EXISTS civic_audit_entry_access PARTITION OF civic_audit_entry FOR VALUES IN ('access');
CREATE TABLE IF NOT EXISTS civic_audit_entry_change PARTITION OF civic_audit_entry FOR VALUES IN ('change');
CREATE TABLE IF NOT EXISTS civic_audit_entry_security PARTITION OF civic_audit_entry FOR VALUES IN ('security');
CREATE TABLE IF NOT EXISTS civic_audit_entry_operations PARTITION OF civic_audit_entry FOR VALUES IN ('operations');
CREATE TABLE IF NOT EXISTS civic_audit_entry_trail PARTITION OF civic_audit_entry FOR VALUES IN ('trail');
-- A class that a later version brings is not lost.
CREATE TABLE IF NOT EXISTS civic_audit_entry_other PARTITION OF civic_audit_entry DEFAULT;

CREATE INDEX IF NOT EXISTS civic_audit_entry_logged ON civic_audit_entry USING brin (logged_time);
CREATE INDEX IF NOT EXISTS civic_audit_entry_id ON civic_audit_entry (id);

CREATE OR REPLACE VIEW civic_audit AS
SELECT s.name AS stream, e.seq, e.retention, e.id, e.logged_time, e.class, e.action, e.entry
FROM civic_audit_entry e JOIN civic_audit_stream s ON s.id = e.stream_id;
