-- What guardrails were told when an experiment was ordered, and what people answered them; and the
-- openings of a test set that is locked away. They belong after experiments.

ALTER TABLE experiments ADD COLUMN guardrail_history TEXT CHECK (json_valid(guardrail_history));

-- Why a guardrail need not hold for what was found, in a person's words.
CREATE TABLE acknowledgements (
  id INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  guardrail TEXT NOT NULL CHECK (guardrail <> ''),
  finding TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX acknowledgements_by_experiment ON acknowledgements (experiment_id);

CREATE TRIGGER acknowledgements_stay BEFORE UPDATE ON acknowledgements
BEGIN
  SELECT RAISE(ABORT, 'what was acknowledged does not change');
END;

-- Every look at a locked test set, with what was seen. Counted, and never taken back.
CREATE TABLE test_openings (
  id INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id),
  configuration_name TEXT NOT NULL,
  threshold REAL NOT NULL CHECK (threshold >= 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  result TEXT NOT NULL CHECK (json_valid(result)),
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX test_openings_by_experiment ON test_openings (experiment_id);

CREATE TRIGGER test_openings_stay BEFORE UPDATE ON test_openings
BEGIN
  SELECT RAISE(ABORT, 'an opening of the test set does not change');
END;

CREATE TRIGGER test_openings_are_kept BEFORE DELETE ON test_openings
BEGIN
  SELECT RAISE(ABORT, 'an opening of the test set is never taken back');
END;
