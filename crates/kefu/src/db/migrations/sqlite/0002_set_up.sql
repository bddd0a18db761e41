-- What setting a channel up adds: what its account may do, and its automatic answers.
-- The PostgreSQL migration of the same name has the same tables, columns and index names; a test compares them.

-- What WeChat has shown an account may or may not do. state: granted, denied, unknown.
CREATE TABLE channel_capabilities (
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    capability TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('granted', 'denied', 'unknown')),
    code INTEGER,
    checked_at INTEGER NOT NULL,
    PRIMARY KEY (channel_id, capability)
) STRICT, WITHOUT ROWID;

-- Answers given in the response to a push. keyword: the word, or the key of the menu item; data: JSON by kind.
CREATE TABLE automatic_answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    occasion TEXT NOT NULL CHECK (occasion IN ('follow', 'keyword', 'menu_click', 'first_message', 'default')),
    keyword TEXT,
    match_rule TEXT CHECK (match_rule IN ('contains', 'equals')),
    kind TEXT NOT NULL CHECK (kind IN ('text', 'image', 'voice', 'video', 'news')),
    text TEXT NOT NULL,
    data TEXT,
    enabled INTEGER NOT NULL,
    position INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX automatic_answers_channel_idx ON automatic_answers (channel_id, position, id);

-- The enabled answers of the channel, in order, as one JSON array, so that the hot path reads them with the channel.
ALTER TABLE channels ADD COLUMN automation TEXT;
-- After how many days the unfollow policy `erase` is carried out.
ALTER TABLE channels ADD COLUMN unfollow_days INTEGER NOT NULL DEFAULT 0;
