-- The index that searches go by. SQLite keeps it in a file of its own (`db/search/file.rs`): its migration is empty.

-- kind: 1 message, 2 contact, 3 ticket; id: of that. words: the tokens of its texts, and one more that stands for the
-- range of ids it is in, so that the newest can be looked at first (`db/search/table.rs`).
CREATE TABLE search_words (
    kind BIGINT NOT NULL,
    id BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX search_words_words_idx ON search_words USING GIN (words) WITH (gin_pending_list_limit = 512);

-- How far the index is. tokeniser: the version of the rules; epoch: of the event log; tx and seq: the last event that was
-- looked at; …_below: what is older has yet to be read, 0 when nothing is; whole: what there was to read, in ids.
CREATE TABLE search_state (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    tokeniser BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    tx BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    messages_below BIGINT NOT NULL,
    contacts_below BIGINT NOT NULL,
    tickets_below BIGINT NOT NULL,
    whole BIGINT NOT NULL
);
