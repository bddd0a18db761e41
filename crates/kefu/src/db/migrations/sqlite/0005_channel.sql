-- What the wizard and the details of a channel add: ticked steps, and the first message that arrived.
-- The PostgreSQL migration of the same name has the same tables, columns and index names; a test compares them.

-- The steps of the wizard, for the whole installation. choice: what was chosen there; done_at: when it was ticked.
CREATE TABLE setup_steps (
    step TEXT PRIMARY KEY,
    choice TEXT,
    done_by INTEGER,
    done_at INTEGER
) STRICT;

-- The first message of the channel, and the conversation it opened.
ALTER TABLE channels ADD COLUMN first_message_at INTEGER;
ALTER TABLE channels ADD COLUMN first_conversation_id INTEGER;
