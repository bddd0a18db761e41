-- What the doctor of a channel adds: its reports, refused pushes, how pushes look, addresses, the channel's QR code.
-- The PostgreSQL migration of the same name has the same tables, columns and index names; a test compares them.

-- The last examination of a channel. report: JSON, written as the checks end; started_at: real time.
CREATE TABLE doctor_reports (
    channel_id INTEGER PRIMARY KEY REFERENCES channels (id),
    run TEXT NOT NULL,
    report TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

-- How often requests to the callback address were refused, by reason.
CREATE TABLE push_refusals (
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (channel_id, reason)
) STRICT, WITHOUT ROWID;

-- How the pushes that were accepted look: plain, compatible, safe. Written when it changes.
CREATE TABLE push_modes (
    channel_id INTEGER PRIMARY KEY REFERENCES channels (id),
    mode TEXT NOT NULL CHECK (mode IN ('plain', 'compatible', 'safe')),
    since INTEGER NOT NULL
) STRICT;

-- Addresses from which WeChat saw the desk call and that it refused.
CREATE TABLE seen_addresses (
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    address TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    PRIMARY KEY (channel_id, address)
) STRICT, WITHOUT ROWID;

-- Addresses an administrator knows the desk calls from: single ones and networks.
CREATE TABLE outgoing_addresses (
    address TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The QR code by which people follow the account. source: created (through the interface), pasted (by somebody).
CREATE TABLE channel_qr_codes (
    channel_id INTEGER PRIMARY KEY REFERENCES channels (id),
    source TEXT NOT NULL CHECK (source IN ('created', 'pasted')),
    url TEXT NOT NULL,
    scene TEXT,
    created_at INTEGER NOT NULL
) STRICT;

-- The refusal that no success has followed, and since when.
ALTER TABLE channels ADD COLUMN callback_problem TEXT;
ALTER TABLE channels ADD COLUMN callback_problem_at INTEGER;
-- Token and key end separately: a push in clear text proves nothing about the key.
ALTER TABLE channels ADD COLUMN previous_key_until INTEGER;
