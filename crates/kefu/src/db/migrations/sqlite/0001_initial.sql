-- The whole glossary. Ids are integers (outside: prefix + decimal), times are milliseconds UTC, JSON is text.
-- The PostgreSQL migration of the same name has the same tables, columns and index names; a test compares them.

CREATE TABLE installation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    secret_canary BLOB,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE departments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    deleted_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX departments_name_key ON departments (name) WHERE deleted_at IS NULL;

CREATE TABLE agents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('admin', 'supervisor', 'agent', 'viewer')),
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    availability TEXT NOT NULL CHECK (availability IN ('online', 'away', 'offline')),
    language TEXT,
    time_zone TEXT,
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX agents_email_key ON agents (email);

CREATE TABLE agent_departments (
    agent_id INTEGER NOT NULL REFERENCES agents (id),
    department_id INTEGER NOT NULL REFERENCES departments (id),
    PRIMARY KEY (agent_id, department_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX agent_departments_department_idx ON agent_departments (department_id);

CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id INTEGER NOT NULL REFERENCES agents (id),
    token_hash BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX invitations_token_hash_key ON invitations (token_hash);

-- A signed-in browser (kind `browser`) or an API token made by an agent (kind `api`). Times are wall clock.
CREATE TABLE logins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id INTEGER NOT NULL REFERENCES agents (id),
    kind TEXT NOT NULL CHECK (kind IN ('browser', 'api')),
    token_hash BLOB NOT NULL,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX logins_token_hash_key ON logins (token_hash);
CREATE INDEX logins_agent_idx ON logins (agent_id);

-- Failed sign-ins by e-mail (or by address), so that guessing is slowed on every node. Times are wall clock.
CREATE TABLE login_failures (
    subject TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE channels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled', 'deleted')),
    account_kind TEXT NOT NULL,
    verified INTEGER NOT NULL,
    region TEXT NOT NULL,
    original_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    app_secret BLOB,
    token BLOB,
    previous_token BLOB,
    encoding_aes_key BLOB,
    previous_encoding_aes_key BLOB,
    previous_until INTEGER,
    encryption_mode TEXT NOT NULL,
    default_department_id INTEGER NOT NULL REFERENCES departments (id),
    reply_policy TEXT NOT NULL,
    custom_policy TEXT,
    survey_enabled INTEGER NOT NULL,
    unfollow_policy TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    callback_key TEXT NOT NULL,
    url_verified_at INTEGER,
    icon_media_id INTEGER,
    last_push_at INTEGER,
    dropped_pushes INTEGER NOT NULL DEFAULT 0,
    mismatched_pushes INTEGER NOT NULL DEFAULT 0,
    changed_by INTEGER,
    disabled_at INTEGER,
    deleted_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX channels_callback_key_key ON channels (callback_key);
CREATE UNIQUE INDEX channels_app_id_key ON channels (app_id) WHERE state <> 'deleted';
CREATE UNIQUE INDEX channels_original_id_key ON channels (original_id) WHERE state <> 'deleted';
CREATE UNIQUE INDEX channels_name_key ON channels (name) WHERE state <> 'deleted';

CREATE TABLE channel_departments (
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    department_id INTEGER NOT NULL REFERENCES departments (id),
    PRIMARY KEY (channel_id, department_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_departments_department_idx ON channel_departments (department_id);

-- Preferences of one department and channel. ticket_timer_minutes: -1 = always, 0 = none, else minutes.
CREATE TABLE preferences (
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    department_id INTEGER NOT NULL REFERENCES departments (id),
    ticket_timer_minutes INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (channel_id, department_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE preference_agents (
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    department_id INTEGER NOT NULL REFERENCES departments (id),
    agent_id INTEGER NOT NULL REFERENCES agents (id),
    PRIMARY KEY (agent_id, channel_id, department_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX preference_agents_channel_idx ON preference_agents (channel_id, department_id);

CREATE TABLE contacts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    name TEXT NOT NULL,
    alias TEXT NOT NULL,
    union_id TEXT,
    approved INTEGER NOT NULL,
    unsubscribed_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX contacts_channel_id_external_id_key ON contacts (channel_id, external_id);

CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    department_id INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'ended')),
    blocked INTEGER NOT NULL,
    assignee_id INTEGER,
    responded INTEGER NOT NULL,
    unread_count INTEGER NOT NULL,
    waiting_since INTEGER,
    last_seq INTEGER NOT NULL,
    last_message_kind TEXT NOT NULL,
    last_message_direction TEXT NOT NULL,
    last_message_text TEXT NOT NULL,
    last_message_state TEXT NOT NULL,
    last_message_at INTEGER NOT NULL,
    ticket_id INTEGER,
    last_inbound_at INTEGER,
    window_until INTEGER,
    window_left INTEGER,
    pending_replies INTEGER NOT NULL DEFAULT 0,
    burst_until INTEGER,
    burst_left INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX conversations_contact_id_key ON conversations (contact_id);
CREATE INDEX conversations_recent_idx ON conversations (last_message_at DESC, id DESC);
CREATE INDEX conversations_ended_idx ON conversations (last_message_at DESC, id DESC) WHERE state = 'ended';
CREATE INDEX conversations_blocked_idx ON conversations (last_message_at DESC, id DESC) WHERE blocked;
CREATE INDEX conversations_assignee_idx ON conversations (assignee_id, state, last_message_at DESC, id DESC);

-- At most three indexes: the hot path pays for each.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    dedupe_key TEXT,
    ticket_id INTEGER,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    data TEXT,
    media_id INTEGER,
    state TEXT NOT NULL,
    reason TEXT,
    author_id INTEGER,
    client_id TEXT,
    body_hash TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER
) STRICT;
CREATE UNIQUE INDEX messages_conversation_id_seq_key ON messages (conversation_id, seq);
CREATE UNIQUE INDEX messages_channel_id_dedupe_key_key ON messages (channel_id, dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE UNIQUE INDEX messages_conversation_id_client_id_key ON messages (conversation_id, client_id) WHERE client_id IS NOT NULL;

-- Follow, unfollow, scan, menu taps: what a contact did that is not a message.
CREATE TABLE contact_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL,
    contact_id INTEGER,
    dedupe_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    event_key TEXT,
    data TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER
) STRICT;
CREATE UNIQUE INDEX contact_events_channel_id_dedupe_key_key ON contact_events (channel_id, dedupe_key);
CREATE INDEX contact_events_contact_idx ON contact_events (contact_id, id);

CREATE TABLE tickets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'on_hold', 'escalated', 'closed')),
    priority TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    department_id INTEGER NOT NULL,
    assignee_id INTEGER,
    contact_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX tickets_conversation_idx ON tickets (conversation_id, id);
CREATE INDEX tickets_status_idx ON tickets (status, id DESC);

-- Monthly messages used outside the window, per contact. month = year * 100 + month in the channel's time zone.
CREATE TABLE allowance_ledger (
    contact_id INTEGER NOT NULL,
    month INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (contact_id, month)
) STRICT, WITHOUT ROWID;

-- One row per message that still has to leave. Lease and retry times are real time (never the desk clock).
CREATE TABLE outbox (
    message_id INTEGER PRIMARY KEY,
    conversation_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    manual INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    attempt_id INTEGER,
    lease_owner TEXT,
    lease_until INTEGER
) STRICT;
CREATE INDEX outbox_conversation_idx ON outbox (conversation_id, seq);
CREATE INDEX outbox_next_try_idx ON outbox (next_try_at);

-- One row per try to send. write_began_at is set before the first byte of the request may leave.
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    write_began_at INTEGER,
    finished_at INTEGER,
    outcome TEXT,
    code INTEGER,
    detail TEXT
) STRICT;
CREATE INDEX attempts_message_idx ON attempts (message_id, id);

CREATE TABLE media (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('inbound', 'attachment', 'icon')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'failed', 'expired')),
    reason TEXT,
    mime TEXT,
    bytes INTEGER,
    sha256 TEXT,
    file_name TEXT,
    width INTEGER,
    height INTEGER,
    duration_ms INTEGER,
    storage_key TEXT,
    channel_id INTEGER,
    conversation_id INTEGER,
    external_id TEXT,
    external_expires_at INTEGER,
    thumb_media_id INTEGER,
    uploaded_by INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX media_unbound_idx ON media (purpose, created_at) WHERE conversation_id IS NULL;

-- Background work. run_at and lease_until are real time.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER,
    last_error TEXT
) STRICT;
CREATE INDEX jobs_run_at_idx ON jobs (run_at);

-- A push behind a valid signature that could not be read or stored.
CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'replayed')),
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    body BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    replayed_at INTEGER
) STRICT;

-- What changed, for browsers. Append only; kept 7 days.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    object_id INTEGER NOT NULL,
    conversation_id INTEGER,
    channel_id INTEGER,
    department_id INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id INTEGER,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id INTEGER NOT NULL,
    data TEXT
) STRICT;
CREATE INDEX audit_object_idx ON audit (object_kind, object_id);

-- The access token of a channel, shared by all nodes. expires_at follows the desk clock; refresh times are real time.
CREATE TABLE access_tokens (
    channel_id INTEGER PRIMARY KEY,
    token BLOB,
    expires_at INTEGER NOT NULL,
    forced_at INTEGER,
    forced_day INTEGER NOT NULL,
    forced_count INTEGER NOT NULL
) STRICT;
