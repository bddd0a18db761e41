-- The satisfaction survey of a ticket.
-- The migration of the other database has the same tables, columns and index names; a test compares them.

-- What a channel asks with. survey_scale: one_to_five, good_ok_bad; survey_question: its own, instead of the default.
ALTER TABLE channels ADD COLUMN survey_scale TEXT NOT NULL DEFAULT 'one_to_five';
ALTER TABLE channels ADD COLUMN survey_question TEXT;

-- The ticket whose survey the contact's next text may answer: with a number, or with a comment.
ALTER TABLE conversations ADD COLUMN survey_ticket_id INTEGER;

-- At most one per ticket. answer_key: random, part of the ids of the items to tap. reason: why it was not asked.
CREATE TABLE surveys (
    ticket_id INTEGER PRIMARY KEY,
    conversation_id INTEGER NOT NULL,
    message_id INTEGER,
    scale TEXT NOT NULL CHECK (scale IN ('one_to_five', 'good_ok_bad')),
    form TEXT NOT NULL CHECK (form IN ('menu', 'text')),
    answer_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'answered', 'not_applicable', 'failed')),
    reason TEXT,
    score INTEGER,
    comment TEXT,
    asked_at INTEGER NOT NULL,
    answered_at INTEGER,
    scored_at INTEGER
) STRICT;
CREATE INDEX surveys_message_idx ON surveys (message_id);
