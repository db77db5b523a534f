-- Sessions of citizens and of staff. Each goes when it has not been used for a while.
CREATE TABLE session (
    id        BLOB PRIMARY KEY,  -- SHA-256 of what the cookie holds: who reads this table cannot take over a session
    csrf      TEXT NOT NULL,     -- stands in every form of the session
    expires   INTEGER NOT NULL,  -- seconds since 1970
    staff     TEXT,              -- who signed in; NULL for a citizen
    reference TEXT               -- of the application that was sent in from here
) STRICT;
CREATE INDEX session_expires ON session (expires);

-- civic: retention PT20M
-- What a citizen has answered so far. Goes with the session, or becomes an application.
CREATE TABLE draft (
    session       BLOB PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
    adult         INTEGER,
    full_name     TEXT,
    email         TEXT,
    phone         TEXT,
    postcode      TEXT,
    activity      TEXT,
    document_kind TEXT,
    document      BLOB,
    payment_key   TEXT,    -- what makes a retry of a payment the same payment
    payment_id    TEXT,    -- the provider's name for it
    paid          INTEGER NOT NULL DEFAULT 0
) STRICT;

ALTER TABLE application ADD COLUMN payment TEXT;
-- Which draft it was: the key that admits each of them once, however often it is sent.
ALTER TABLE application ADD COLUMN draft BLOB;
CREATE UNIQUE INDEX application_draft ON application (draft);

CREATE TABLE document (
    reference TEXT PRIMARY KEY REFERENCES application (reference) ON DELETE CASCADE,
    kind      TEXT NOT NULL CHECK (kind IN ('pdf', 'jpeg', 'png')),
    content   BLOB NOT NULL
) STRICT;
