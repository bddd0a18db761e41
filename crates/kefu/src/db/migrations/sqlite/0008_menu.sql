-- The account's menu as it is edited here, and what the account did by itself before.
-- The PostgreSQL migration of the same name has the same tables, columns and index names; a test compares them.

-- From where an answer was taken over, so that it is not taken twice.
ALTER TABLE automatic_answers ADD COLUMN origin TEXT;
CREATE UNIQUE INDEX automatic_answers_origin_key ON automatic_answers (channel_id, origin);

-- draft, published: JSON arrays of menu items.
CREATE TABLE channel_menus (
    channel_id INTEGER NOT NULL PRIMARY KEY REFERENCES channels (id),
    draft TEXT,
    published TEXT,
    published_at INTEGER,
    changed_by INTEGER REFERENCES agents (id),
    changed_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- The last menu and replies the account was seen to have of its own (JSON): WeChat tells nothing of them once pushes
-- are switched on. summary: what the last take-over did.
CREATE TABLE own_automation (
    channel_id INTEGER NOT NULL PRIMARY KEY REFERENCES channels (id),
    menu TEXT,
    menu_read_at INTEGER,
    replies TEXT,
    replies_read_at INTEGER,
    taken_over_at INTEGER,
    taken_over_by INTEGER REFERENCES agents (id),
    summary TEXT
) STRICT;
