-- civic: retention P6Y
-- Applications as they were sent in. The reference is what the applicant is given, and is all that a log needs.
CREATE TABLE application (
    reference  TEXT PRIMARY KEY,
    received   INTEGER NOT NULL, -- seconds since 1970
    full_name  TEXT NOT NULL,
    email      TEXT NOT NULL,
    phone      TEXT NOT NULL,
    postcode   TEXT NOT NULL,
    activity   TEXT NOT NULL CHECK (activity IN ('street-trading', 'busking', 'late-night-food'))
) STRICT;
