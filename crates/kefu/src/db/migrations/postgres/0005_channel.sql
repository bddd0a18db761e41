-- What the wizard and the details of a channel add: ticked steps, and the first message that arrived.
-- The SQLite migration of the same name has the same tables, columns and index names; a test compares them.

-- The steps of the wizard, for the whole installation. choice: what was chosen there; done_at: when it was ticked.
CREATE TABLE setup_steps (
    step TEXT COLLATE "C" PRIMARY KEY,
    choice TEXT COLLATE "C",
    done_by BIGINT,
    done_at BIGINT
);

-- The first message of the channel, and the conversation it opened.
ALTER TABLE channels ADD COLUMN first_message_at BIGINT;
ALTER TABLE channels ADD COLUMN first_conversation_id BIGINT;
