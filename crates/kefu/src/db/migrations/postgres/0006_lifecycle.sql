-- Who switched a channel off or on last, and whether a contact is on the account's own blacklist at WeChat.
-- The SQLite migration of the same name has the same tables, columns and index names; a test compares them.

-- `changed_by` follows every change of settings; this one only enable, disable and delete.
ALTER TABLE channels ADD COLUMN state_changed_by BIGINT;
-- Where the desk put the contact: adding, listed, removing, refused, still_listed. NULL: the desk did not touch it.
ALTER TABLE contacts ADD COLUMN blacklist TEXT COLLATE "C";
-- Why WeChat refused, as a stable code.
ALTER TABLE contacts ADD COLUMN blacklist_reason TEXT COLLATE "C";
