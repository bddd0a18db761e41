-- Who an agent is at an identity provider, bound at the first sign-in through it.
-- The SQLite migration of the same name has the same tables, columns and index names; a test compares them.

CREATE TABLE agent_identities (
    issuer TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    agent_id BIGINT NOT NULL REFERENCES agents (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX agent_identities_agent_key ON agent_identities (agent_id, issuer);
