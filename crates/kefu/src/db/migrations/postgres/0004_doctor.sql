-- What the doctor of a channel adds: its reports, refused pushes, how pushes look, addresses, the channel's QR code.
-- The SQLite migration of the same name has the same tables, columns and index names; a test compares them.

-- The last examination of a channel. report: JSON, written as the checks end; started_at: real time.
CREATE TABLE doctor_reports (
    channel_id BIGINT PRIMARY KEY REFERENCES channels (id),
    run TEXT COLLATE "C" NOT NULL,
    report TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT
);

-- How often requests to the callback address were refused, by reason.
CREATE TABLE push_refusals (
    channel_id BIGINT NOT NULL REFERENCES channels (id),
    reason TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, reason)
);

-- How the pushes that were accepted look: plain, compatible, safe. Written when it changes.
CREATE TABLE push_modes (
    channel_id BIGINT PRIMARY KEY REFERENCES channels (id),
    mode TEXT COLLATE "C" NOT NULL CHECK (mode IN ('plain', 'compatible', 'safe')),
    since BIGINT NOT NULL
);

-- Addresses from which WeChat saw the desk call and that it refused.
CREATE TABLE seen_addresses (
    channel_id BIGINT NOT NULL REFERENCES channels (id),
    address TEXT COLLATE "C" NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, address)
);

-- Addresses an administrator knows the desk calls from: single ones and networks.
CREATE TABLE outgoing_addresses (
    address TEXT COLLATE "C" PRIMARY KEY,
    position BIGINT NOT NULL,
    added_at BIGINT NOT NULL
);

-- The QR code by which people follow the account. source: created (through the interface), pasted (by somebody).
CREATE TABLE channel_qr_codes (
    channel_id BIGINT PRIMARY KEY REFERENCES channels (id),
    source TEXT COLLATE "C" NOT NULL CHECK (source IN ('created', 'pasted')),
    url TEXT COLLATE "C" NOT NULL,
    scene TEXT COLLATE "C",
    created_at BIGINT NOT NULL
);

-- The refusal that no success has followed, and since when.
ALTER TABLE channels ADD COLUMN callback_problem TEXT COLLATE "C";
ALTER TABLE channels ADD COLUMN callback_problem_at BIGINT;
-- Token and key end separately: a push in clear text proves nothing about the key.
ALTER TABLE channels ADD COLUMN previous_key_until BIGINT;
