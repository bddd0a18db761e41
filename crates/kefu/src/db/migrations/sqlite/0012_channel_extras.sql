-- What a channel has beside its settings: cards kept ready, a word for customers while it is off, figures of its surveys.
-- The PostgreSQL migration of the same name has the same tables, columns and index names; a test compares them.

-- Cards that administrators keep ready for agents. data: the fields of the card as JSON, by kind.
CREATE TABLE card_presets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    kind TEXT NOT NULL CHECK (kind IN ('link', 'miniprogram')),
    name TEXT NOT NULL,
    data TEXT NOT NULL,
    picture_media_id INTEGER,
    changed_by INTEGER,
    changed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX card_presets_channel_id_kind_name_key ON card_presets (channel_id, kind, name);

-- What customers who write are told while the channel is disabled; empty: nothing.
ALTER TABLE channels ADD COLUMN off_notice TEXT NOT NULL DEFAULT '';
-- Who was told lately, and in response to which push. Both are digests: of a channel that is off nothing is stored.
CREATE TABLE off_notices (
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    contact_hash BLOB NOT NULL,
    push_hash BLOB NOT NULL,
    said_at INTEGER NOT NULL,
    PRIMARY KEY (channel_id, contact_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX off_notices_said_idx ON off_notices (said_at);

-- Figures count the surveys of a channel by the day they were asked, and its tickets by the day they were closed.
ALTER TABLE surveys ADD COLUMN channel_id INTEGER NOT NULL DEFAULT 0;
UPDATE surveys SET channel_id = (SELECT c.channel_id FROM conversations c WHERE c.id = surveys.conversation_id);
CREATE INDEX surveys_channel_idx ON surveys (channel_id, asked_at);
CREATE INDEX tickets_closed_idx ON tickets (channel_id, closed_at) WHERE closed_at IS NOT NULL;
