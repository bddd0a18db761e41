-- The account's menu as it is edited here, and what the account did by itself before.
-- The SQLite migration of the same name has the same tables, columns and index names; a test compares them.

-- From where an answer was taken over, so that it is not taken twice.
ALTER TABLE automatic_answers ADD COLUMN origin TEXT COLLATE "C";
CREATE UNIQUE INDEX automatic_answers_origin_key ON automatic_answers (channel_id, origin);

-- draft, published: JSON arrays of menu items.
CREATE TABLE channel_menus (
    channel_id BIGINT NOT NULL PRIMARY KEY REFERENCES channels (id),
    draft TEXT COLLATE "C",
    published TEXT COLLATE "C",
    published_at BIGINT,
    changed_by BIGINT REFERENCES agents (id),
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);

-- The last menu and replies the account was seen to have of its own (JSON): WeChat tells nothing of them once pushes
-- are switched on. summary: what the last take-over did.
CREATE TABLE own_automation (
    channel_id BIGINT NOT NULL PRIMARY KEY REFERENCES channels (id),
    menu TEXT COLLATE "C",
    menu_read_at BIGINT,
    replies TEXT COLLATE "C",
    replies_read_at BIGINT,
    taken_over_at BIGINT,
    taken_over_by BIGINT REFERENCES agents (id),
    summary TEXT COLLATE "C"
);
