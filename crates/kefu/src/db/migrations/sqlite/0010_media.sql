-- What sending and receiving files adds: links to files, and the better variant of a voice message.
-- The PostgreSQL migration of the same name has the same tables, columns and index names; a test compares them.

-- A file that is handed over by a link: until when it works, and when it was first opened.
CREATE TABLE file_links (
    media_id INTEGER PRIMARY KEY NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    first_opened_at INTEGER
) STRICT;

-- The same voice at 16 kHz, and what it is: browsers do not play everything.
ALTER TABLE media ADD COLUMN hd_media_id INTEGER;
ALTER TABLE media ADD COLUMN hd_mime TEXT;
