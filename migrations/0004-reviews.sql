-- What models and people say of the labels; it belongs between dataset and frame.

-- What models say of the labels of a version. Blobs hold one number per row; repeats and by_model
-- several per row.
CREATE TABLE label_scans (
  id INTEGER PRIMARY KEY,
  dataset_version_id INTEGER NOT NULL REFERENCES dataset_versions (id),
  roles TEXT NOT NULL CHECK (json_valid(roles)),
  record TEXT NOT NULL CHECK (json_valid(record)),
  ranking BLOB NOT NULL,
  wrong BLOB NOT NULL,
  probabilities BLOB NOT NULL,
  disagreement BLOB NOT NULL,
  repeats BLOB NOT NULL,
  by_model BLOB NOT NULL,
  margin_rank BLOB NOT NULL,
  issues BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX label_scans_by_dataset_version ON label_scans (dataset_version_id);

-- Rows to review, in order. The key is the same in every project that the queue travels to; the
-- version is null where its data are not in this project.
CREATE TABLE review_queues (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE CHECK (key <> ''),
  dataset_version_id INTEGER REFERENCES dataset_versions (id),
  fingerprint TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  name TEXT NOT NULL CHECK (name <> ''),
  record TEXT NOT NULL CHECK (json_valid(record)),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE review_items (
  queue_id INTEGER NOT NULL REFERENCES review_queues (id),
  position INTEGER NOT NULL CHECK (position >= 0),
  row INTEGER NOT NULL CHECK (row >= 0),
  given INTEGER NOT NULL CHECK (given IN (0, 1)),
  facts TEXT NOT NULL CHECK (json_valid(facts)),
  evidence TEXT NOT NULL CHECK (json_valid(evidence)),
  PRIMARY KEY (queue_id, position),
  UNIQUE (queue_id, row)
) STRICT;

-- Everything that people decide on labels, undoing included, in the order in which it was saved.
-- hash = SHA-256(previous_hash, record): see src-main/store/reviews.ts.
CREATE TABLE review_events (
  sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
  key TEXT NOT NULL UNIQUE CHECK (key <> ''),
  queue_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  record TEXT NOT NULL CHECK (json_valid(record)),
  previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
  FOREIGN KEY (queue_id, position) REFERENCES review_items (queue_id, position)
) STRICT;

CREATE INDEX review_events_by_queue ON review_events (queue_id, sequence);

CREATE TRIGGER review_events_stay BEFORE UPDATE ON review_events
BEGIN
  SELECT RAISE(ABORT, 'a review does not change');
END;

CREATE TRIGGER review_events_are_kept BEFORE DELETE ON review_events
BEGIN
  SELECT RAISE(ABORT, 'a review does not change');
END;

CREATE TRIGGER review_items_stay BEFORE UPDATE ON review_items
BEGIN
  SELECT RAISE(ABORT, 'a queue does not change');
END;

CREATE TRIGGER review_items_are_kept BEFORE DELETE ON review_items
BEGIN
  SELECT RAISE(ABORT, 'a queue does not change');
END;

-- A version that is another one with some labels changed and some rows left out; its values are
-- those of the base, and are not stored again. rows and levels: the changed labels, as positions in
-- the base and in the levels of the column; excluded: rows of the base, ascending.
CREATE TABLE label_corrections (
  dataset_version_id INTEGER PRIMARY KEY REFERENCES dataset_versions (id) ON DELETE CASCADE,
  base_version_id INTEGER NOT NULL REFERENCES dataset_versions (id),
  position INTEGER NOT NULL CHECK (position >= 0),
  rows BLOB NOT NULL,
  labels BLOB NOT NULL,
  excluded BLOB NOT NULL,
  record TEXT NOT NULL CHECK (json_valid(record))
) STRICT;
