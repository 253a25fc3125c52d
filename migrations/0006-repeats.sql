-- What a fold of a further division into folds came to. Its predictions are not kept: the difference
-- between two runs over all repeats rests on these alone. They belong after runs.
CREATE TABLE repeated_folds (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  repeat INTEGER NOT NULL CHECK (repeat >= 1),
  fold INTEGER NOT NULL CHECK (fold >= 0),
  samples INTEGER NOT NULL CHECK (samples > 0),
  mean_cost REAL NOT NULL,
  UNIQUE (run_id, repeat, fold)
) STRICT;
