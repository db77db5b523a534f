-- Events that are committed with a business row and not yet in a ledger, version 1. Take this file into the migrations of the
-- database of the service.
--
--     GRANT SELECT, INSERT, UPDATE, DELETE ON civic_audit_outbox TO licensing;

CREATE TABLE IF NOT EXISTS civic_audit_outbox (
    queued bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    created timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- All of the entry that its producer knows; the ledger adds the stream, the sequence and the time.
    body text NOT NULL,
    -- The ledger that moves it; only that one may finish what it began. Where a ledger is gone for good with its machine, its
    -- rows are given to the others by
    --     UPDATE civic_audit_outbox SET taken_by = NULL WHERE taken_by = '<the ledger>';
    taken_by text COLLATE "C",
    -- Why no ledger takes it: somebody else wrote or changed it. It stays here.
    refused text
);

CREATE INDEX IF NOT EXISTS civic_audit_outbox_waiting ON civic_audit_outbox (queued)
    WHERE taken_by IS NULL AND refused IS NULL;
CREATE INDEX IF NOT EXISTS civic_audit_outbox_taken ON civic_audit_outbox (taken_by, queued)
    WHERE taken_by IS NOT NULL AND refused IS NULL;
