-- The monthly route: what was handed to it, what the accounts used of it, and what came back before it was asked for.
-- The PostgreSQL migration of the same name has the same tables, columns and index names; a test compares them.

-- One row per message that leaves, or left, after the window. step: reserved (nothing was handed over), submitting
-- (the request may have been written), submitted (the provider has taken the job), ended.
-- month and day: the lines of the two ledgers that its place was taken from. tag_open: a tag may exist at the provider.
CREATE TABLE monthly_sends (
    message_id INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    month INTEGER NOT NULL,
    day INTEGER NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('reserved', 'submitting', 'submitted', 'ended')),
    client_key TEXT NOT NULL,
    tag_id INTEGER,
    tag_open INTEGER NOT NULL,
    job_id TEXT,
    asks INTEGER NOT NULL,
    submitted_at INTEGER
) STRICT;
CREATE INDEX monthly_sends_job_idx ON monthly_sends (channel_id, job_id) WHERE job_id IS NOT NULL;
CREATE INDEX monthly_sends_tag_idx ON monthly_sends (channel_id, message_id) WHERE tag_open;

-- What an account used of its own limits. day: year * 10000 + month * 100 + day in the channel's time zone; minute:
-- of real time. full_until: the provider has said that nothing is left before then. count_refused_at: when it first
-- said, within a window, that the count was used up (45047).
CREATE TABLE monthly_accounts (
    channel_id INTEGER PRIMARY KEY,
    day INTEGER NOT NULL DEFAULT 0,
    used INTEGER NOT NULL DEFAULT 0,
    minute INTEGER NOT NULL DEFAULT 0,
    minute_calls INTEGER NOT NULL DEFAULT 0,
    full_until INTEGER,
    count_refused_at INTEGER
) STRICT;

-- How jobs ended, as the provider's pushes say. They may come before the answer that names the job.
CREATE TABLE monthly_results (
    channel_id INTEGER NOT NULL,
    job_id TEXT NOT NULL,
    status TEXT NOT NULL,
    total INTEGER NOT NULL,
    filtered INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (channel_id, job_id)
) STRICT, WITHOUT ROWID;
