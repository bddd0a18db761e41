-- Who an agent is at an identity provider, bound at the first sign-in through it.
-- The PostgreSQL migration of the same name has the same tables, columns and index names; a test compares them.

CREATE TABLE agent_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    agent_id INTEGER NOT NULL REFERENCES agents (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX agent_identities_agent_key ON agent_identities (agent_id, issuer);
