-- What a person has chosen and decided, per dataset version; it belongs between dataset and frame.

-- The version that is worked on: at most one row.
CREATE TABLE workspace (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  dataset_version_id INTEGER NOT NULL REFERENCES dataset_versions (id)
) STRICT;

-- Choices that no experiment has taken over yet.
CREATE TABLE drafts (
  dataset_version_id INTEGER PRIMARY KEY REFERENCES dataset_versions (id),
  draft TEXT NOT NULL CHECK (json_valid(draft)),
  saved_at TEXT NOT NULL
) STRICT;

-- Every change of a frame that was locked, and why.
CREATE TABLE frame_changes (
  id INTEGER PRIMARY KEY,
  dataset_version_id INTEGER NOT NULL REFERENCES dataset_versions (id),
  before TEXT NOT NULL CHECK (json_valid(before)),
  after TEXT NOT NULL CHECK (json_valid(after)),
  reason TEXT NOT NULL CHECK (reason <> ''),
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX frame_changes_by_dataset_version ON frame_changes (dataset_version_id);

CREATE TRIGGER frame_changes_stay BEFORE UPDATE ON frame_changes
BEGIN
  SELECT RAISE(ABORT, 'the history of a frame does not change');
END;

CREATE TRIGGER frame_changes_are_kept BEFORE DELETE ON frame_changes
BEGIN
  SELECT RAISE(ABORT, 'the history of a frame does not change');
END;

-- Thresholds that a person has settled on; infinity alerts nobody.
CREATE TABLE kept_operating_points (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  threshold REAL NOT NULL CHECK (threshold >= 0),
  reason TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX kept_operating_points_by_run ON kept_operating_points (run_id);
