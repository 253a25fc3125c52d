-- What search and insight keep of a run; both belong after fold_results.

-- Mean margin over training of each sample outside the fold, ascending.
ALTER TABLE fold_results ADD COLUMN margins BLOB;

-- One set of hyperparameters that a search has tried inside the training set of a fold, at one
-- step of the search. Kept one by one, so that a search goes on where it was interrupted.
CREATE TABLE trials (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  fold INTEGER NOT NULL CHECK (fold >= 0),
  step INTEGER NOT NULL CHECK (step >= 0),
  trial INTEGER NOT NULL CHECK (trial >= 0),
  record TEXT NOT NULL CHECK (json_valid(record)),
  UNIQUE (run_id, fold, step, trial)
) STRICT;
