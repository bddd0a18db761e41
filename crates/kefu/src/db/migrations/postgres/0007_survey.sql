-- The satisfaction survey of a ticket.
-- The migration of the other database has the same tables, columns and index names; a test compares them.

-- What a channel asks with. survey_scale: one_to_five, good_ok_bad; survey_question: its own, instead of the default.
ALTER TABLE channels ADD COLUMN survey_scale TEXT COLLATE "C" NOT NULL DEFAULT 'one_to_five';
ALTER TABLE channels ADD COLUMN survey_question TEXT;

-- The ticket whose survey the contact's next text may answer: with a number, or with a comment.
ALTER TABLE conversations ADD COLUMN survey_ticket_id BIGINT;

-- At most one per ticket. answer_key: random, part of the ids of the items to tap. reason: why it was not asked.
CREATE TABLE surveys (
    ticket_id BIGINT PRIMARY KEY,
    conversation_id BIGINT NOT NULL,
    message_id BIGINT,
    scale TEXT COLLATE "C" NOT NULL CHECK (scale IN ('one_to_five', 'good_ok_bad')),
    form TEXT COLLATE "C" NOT NULL CHECK (form IN ('menu', 'text')),
    answer_key TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('sent', 'answered', 'not_applicable', 'failed')),
    reason TEXT COLLATE "C",
    score BIGINT,
    comment TEXT,
    asked_at BIGINT NOT NULL,
    answered_at BIGINT,
    scored_at BIGINT
);
CREATE INDEX surveys_message_idx ON surveys (message_id);
