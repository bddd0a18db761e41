-- Running it: the quarantine after a restore, and the second factor at sign-in.
-- The SQLite migration of the same name has the same tables, columns and index names; a test compares them.

-- Set by a restore, until an administrator confirms: nothing leaves meanwhile. Times are wall clock.
ALTER TABLE installation ADD COLUMN quarantined_since BIGINT;
ALTER TABLE installation ADD COLUMN backup_made_at BIGINT;

-- Whether everybody who signs in with a password needs a second factor.
ALTER TABLE installation ADD COLUMN second_factor_required BOOLEAN NOT NULL DEFAULT FALSE;

-- A login that may only set up the second factor, until that is done.
ALTER TABLE logins ADD COLUMN lacks_second_factor BOOLEAN NOT NULL DEFAULT FALSE;

-- The authenticator of an agent. Not asked for until it is confirmed; no code of a step up to last_step is taken again.
CREATE TABLE second_factors (
    agent_id BIGINT PRIMARY KEY REFERENCES agents (id),
    secret BYTEA NOT NULL,
    last_step BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT
);

-- For the day the authenticator is lost: each works once.
CREATE TABLE recovery_codes (
    code_hash BYTEA NOT NULL,
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    used_at BIGINT,
    PRIMARY KEY (agent_id, code_hash)
);
