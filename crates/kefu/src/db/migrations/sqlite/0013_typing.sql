-- What contacts were last told about typing, so that agents and nodes together do not tell it too often.
-- The PostgreSQL migration of the same name has the same tables, columns and index names; a test compares them.

-- typing: whether the sign was shown or taken away. told_at: real time, as leases count it.
CREATE TABLE typing_signs (
    conversation_id INTEGER PRIMARY KEY,
    typing INTEGER NOT NULL,
    told_at INTEGER NOT NULL
) STRICT;
