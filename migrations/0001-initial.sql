-- The tables stand in the order of the flow: dataset, frame, plan, experiment, run, fold,
-- analysis; jobs, which are infrastructure, come last. Columns of JSON say so by their check.
-- Times are ISO 8601 in UTC. Blobs are described in src-main/store/blob.ts.

CREATE TABLE datasets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE dataset_versions (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id),
  number INTEGER NOT NULL CHECK (number >= 1),
  state TEXT NOT NULL CHECK (state IN ('importing', 'ready')),
  n_rows INTEGER NOT NULL DEFAULT 0 CHECK (n_rows >= 0),
  fingerprint TEXT,
  source_name TEXT NOT NULL,
  import_options TEXT NOT NULL CHECK (json_valid(import_options)),
  import_summary TEXT CHECK (json_valid(import_summary)),
  created_at TEXT NOT NULL,
  UNIQUE (dataset_id, number),
  CHECK (state = 'importing' OR (fingerprint IS NOT NULL AND import_summary IS NOT NULL))
) STRICT;

CREATE INDEX dataset_versions_by_fingerprint ON dataset_versions (fingerprint);

CREATE TABLE columns (
  dataset_version_id INTEGER NOT NULL REFERENCES dataset_versions (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('numeric', 'categorical')),
  facts TEXT NOT NULL CHECK (json_valid(facts)),
  PRIMARY KEY (dataset_version_id, position),
  UNIQUE (dataset_version_id, name)
) STRICT, WITHOUT ROWID;

-- Values of one column in rows first_row to first_row + n_rows - 1. Refers to the version rather
-- than to the column, because a column gets its name and kind when all of it has been read.
CREATE TABLE column_chunks (
  id INTEGER PRIMARY KEY,
  dataset_version_id INTEGER NOT NULL REFERENCES dataset_versions (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  first_row INTEGER NOT NULL CHECK (first_row >= 0),
  n_rows INTEGER NOT NULL CHECK (n_rows BETWEEN 1 AND 16384),
  data BLOB NOT NULL,
  UNIQUE (dataset_version_id, position, first_row)
) STRICT;

-- The levels of a categorical column, in the order of their codes.
CREATE TABLE dictionaries (
  id INTEGER PRIMARY KEY,
  dataset_version_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (dataset_version_id, position),
  FOREIGN KEY (dataset_version_id, position)
    REFERENCES columns (dataset_version_id, position) ON DELETE CASCADE
) STRICT;

CREATE TRIGGER dataset_versions_stay BEFORE UPDATE ON dataset_versions
WHEN OLD.state = 'ready'
BEGIN
  SELECT RAISE(ABORT, 'a dataset version that is ready does not change');
END;

CREATE TRIGGER column_chunks_come_while_importing BEFORE INSERT ON column_chunks
WHEN (SELECT state FROM dataset_versions WHERE id = NEW.dataset_version_id) = 'ready'
BEGIN
  SELECT RAISE(ABORT, 'a dataset version that is ready does not change');
END;

CREATE TRIGGER column_chunks_stay BEFORE UPDATE ON column_chunks
BEGIN
  SELECT RAISE(ABORT, 'values of a dataset version do not change');
END;

CREATE TABLE frames (
  id INTEGER PRIMARY KEY,
  frame TEXT NOT NULL CHECK (json_valid(frame)),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE plans (
  id INTEGER PRIMARY KEY,
  plan TEXT NOT NULL CHECK (json_valid(plan)),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE experiments (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  dataset_version_id INTEGER NOT NULL REFERENCES dataset_versions (id),
  frame_id INTEGER NOT NULL REFERENCES frames (id),
  plan_id INTEGER NOT NULL REFERENCES plans (id),
  plan_notes TEXT NOT NULL CHECK (json_valid(plan_notes)),
  roles TEXT NOT NULL CHECK (json_valid(roles)),
  seed INTEGER NOT NULL CHECK (seed >= 0),
  folds BLOB NOT NULL,
  folds_from TEXT NOT NULL CHECK (folds_from IN ('seed', 'file')),
  state TEXT NOT NULL CHECK (state IN ('planned', 'running', 'done')),
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX experiments_by_dataset_version ON experiments (dataset_version_id);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  configuration_name TEXT NOT NULL,
  configuration TEXT NOT NULL CHECK (json_valid(configuration)),
  state TEXT NOT NULL CHECK (state IN ('planned', 'running', 'done')),
  UNIQUE (experiment_id, position),
  UNIQUE (experiment_id, configuration_name)
) STRICT;

-- tuned_threshold is a column of its own because it may be infinite, which JSON cannot say.
CREATE TABLE fold_results (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  fold INTEGER NOT NULL CHECK (fold >= 0),
  tuned_threshold REAL NOT NULL,
  record TEXT NOT NULL CHECK (json_valid(record)),
  timing TEXT CHECK (json_valid(timing)),
  samples BLOB NOT NULL,
  scores BLOB NOT NULL,
  corrected BLOB,
  probabilities BLOB NOT NULL,
  UNIQUE (run_id, fold)
) STRICT;

-- results is kept as text to the byte, since digest is taken of it.
CREATE TABLE analyses (
  id INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  results TEXT NOT NULL CHECK (json_valid(results)),
  digest TEXT NOT NULL,
  about TEXT NOT NULL CHECK (json_valid(about)),
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX analyses_by_experiment ON analyses (experiment_id);

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  progress REAL NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
  error TEXT CHECK (json_valid(error)),
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT
) STRICT;

CREATE INDEX jobs_by_state ON jobs (state, id);
