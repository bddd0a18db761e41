-- The monthly route: what was handed to it, what the accounts used of it, and what came back before it was asked for.
-- The SQLite migration of the same name has the same tables, columns and index names; a test compares them.

-- One row per message that leaves, or left, after the window. step: reserved (nothing was handed over), submitting
-- (the request may have been written), submitted (the provider has taken the job), ended.
-- month and day: the lines of the two ledgers that its place was taken from. tag_open: a tag may exist at the provider.
CREATE TABLE monthly_sends (
    message_id BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    month BIGINT NOT NULL,
    day BIGINT NOT NULL,
    step TEXT COLLATE "C" NOT NULL CHECK (step IN ('reserved', 'submitting', 'submitted', 'ended')),
    client_key TEXT COLLATE "C" NOT NULL,
    tag_id BIGINT,
    tag_open BOOLEAN NOT NULL,
    job_id TEXT COLLATE "C",
    asks BIGINT NOT NULL,
    submitted_at BIGINT
);
CREATE INDEX monthly_sends_job_idx ON monthly_sends (channel_id, job_id) WHERE job_id IS NOT NULL;
CREATE INDEX monthly_sends_tag_idx ON monthly_sends (channel_id, message_id) WHERE tag_open;

-- What an account used of its own limits. day: year * 10000 + month * 100 + day in the channel's time zone; minute:
-- of real time. full_until: the provider has said that nothing is left before then. count_refused_at: when it first
-- said, within a window, that the count was used up (45047).
CREATE TABLE monthly_accounts (
    channel_id BIGINT PRIMARY KEY,
    day BIGINT NOT NULL DEFAULT 0,
    used BIGINT NOT NULL DEFAULT 0,
    minute BIGINT NOT NULL DEFAULT 0,
    minute_calls BIGINT NOT NULL DEFAULT 0,
    full_until BIGINT,
    count_refused_at BIGINT
);

-- How jobs ended, as the provider's pushes say. They may come before the answer that names the job.
CREATE TABLE monthly_results (
    channel_id BIGINT NOT NULL,
    job_id TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    total BIGINT NOT NULL,
    filtered BIGINT NOT NULL,
    sent BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, job_id)
);
