-- The first run, people's pictures, approved followers of enterprise accounts, and what an unfollow leaves behind.
-- The PostgreSQL migration of the same name has the same tables, columns and index names; a test compares them.

-- The name of those whose desk this is. welcome_hash: of the one-time link of the first run, while there is no administrator.
ALTER TABLE installation ADD COLUMN organisation TEXT NOT NULL DEFAULT '';
ALTER TABLE installation ADD COLUMN welcome_hash BLOB;
ALTER TABLE installation ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

ALTER TABLE agents ADD COLUMN picture_media_id INTEGER;

-- An enterprise account's follower is approved, declined (declined_at) or waits. anonymised_at, erased_at: the privacy
-- policy was carried out; erasing: its second part is still under way.
ALTER TABLE contacts ADD COLUMN declined_at INTEGER;
ALTER TABLE contacts ADD COLUMN anonymised_at INTEGER;
ALTER TABLE contacts ADD COLUMN erased_at INTEGER;
ALTER TABLE contacts ADD COLUMN erasing INTEGER NOT NULL DEFAULT 0;
CREATE INDEX contacts_unsubscribed_idx ON contacts (channel_id, unsubscribed_at) WHERE unsubscribed_at IS NOT NULL;
CREATE INDEX contacts_erasing_idx ON contacts (id) WHERE erasing;

-- The messages of a person who is not approved wait out of sight: set when the conversation is made, cleared on approval.
ALTER TABLE conversations ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
CREATE INDEX conversations_pending_idx ON conversations (channel_id, contact_id) WHERE pending;
-- Lists never show those, and go by this index.
DROP INDEX conversations_recent_idx;
CREATE INDEX conversations_recent_idx ON conversations (last_message_at DESC, id DESC) WHERE NOT pending;

-- How many messages of a ticket were erased: statistics outlive the person.
ALTER TABLE tickets ADD COLUMN erased_messages INTEGER NOT NULL DEFAULT 0;
