-- Applications are worked off in the order in which they came.
CREATE INDEX application_received ON application (received);
