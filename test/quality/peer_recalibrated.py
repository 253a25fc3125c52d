"""Out-of-fold Brier scores of the peers' treated models, corrected and recalibrated as ours are.

    python3 peer_recalibrated.py REFERENCE OUT.json [DATASET,...]

Recipe of peer_quality.json; then, in every training set, a stratified inner 4-fold gives scores,
whose odds are brought back from the prevalence the model was shown to the natural one, and on
which a calibrator is fitted: Platt scaling on the logit below 200 positives, isotonic from there.
"""
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from imblearn.over_sampling import SMOTE
from imblearn.under_sampling import RandomUnderSampler
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier


def read(reference, about):
    table = pd.read_csv(
        reference / about["file"],
        sep=about["delimiter"],
        na_values=about["missing_tokens"],
        keep_default_na=False,
        encoding="utf-8-sig",
        dtype={name: str for name in [*about["categorical"], about["target"]]},
    )
    y = (table[about["target"]].astype(str) == about["positive"]).astype(int).to_numpy()
    for name in about["numeric"]:
        table[name] = pd.to_numeric(table[name], errors="coerce")
    table[about["categorical"]] = table[about["categorical"]].fillna("(missing)")
    return table, y


def encoder(about):
    return ColumnTransformer(
        [
            ("n", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), about["numeric"]),
            ("c", OneHotEncoder(handle_unknown="ignore"), about["categorical"]),
        ],
        sparse_threshold=0,
    )


def models(weight):
    def lr(**more):
        return LogisticRegression(C=1, max_iter=3000, **more)

    def xgb(**more):
        return XGBClassifier(
            n_estimators=200, max_depth=6, learning_rate=0.1, tree_method="hist", n_jobs=1, **more
        )

    return {
        "lr": (lr, None, 1),
        "lr_balanced": (lambda: lr(class_weight="balanced"), None, "balanced"),
        "lr_random_under": (lr, RandomUnderSampler, 1),
        "lr_smote": (lr, SMOTE, 1),
        "gbdt": (xgb, None, 1),
        "gbdt_scale_pos_weight": (lambda: xgb(scale_pos_weight=weight), None, weight),
        "gbdt_random_under": (xgb, RandomUnderSampler, 1),
        "gbdt_smote": (xgb, SMOTE, 1),
    }


def logit(p):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return np.log(p / (1 - p))


def corrected(make, sampler, weight, X, y, X_judged):
    """Scores at the natural prevalence."""
    natural = y.mean()
    Xs, ys = (X, y) if sampler is None else sampler(random_state=0).fit_resample(X, y)
    positives = ys.sum() * ((len(ys) - ys.sum()) / ys.sum() if weight == "balanced" else weight)
    shown = positives / (positives + len(ys) - ys.sum())
    p = make().fit(Xs, ys).predict_proba(X_judged)[:, 1].astype(float)
    factor = natural / (1 - natural) * (1 - shown) / shown
    return factor * p / (factor * p + 1 - p)


def recalibrated(make, sampler, weight, X, y, X_judged):
    inner = np.zeros(len(y))
    for train, held in StratifiedKFold(4, shuffle=True, random_state=0).split(X, y):
        inner[held] = corrected(make, sampler, weight, X[train], y[train], X[held])
    outer = corrected(make, sampler, weight, X, y, X_judged)
    if y.sum() < 200:
        n1, n0 = y.sum(), len(y) - y.sum()
        targets = np.where(y == 1, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))
        rows = np.concatenate([logit(inner), logit(inner)])[:, None]
        labels = np.concatenate([np.ones(len(y)), np.zeros(len(y))])
        line = LogisticRegression(C=1e12, max_iter=1000)
        line.fit(rows, labels, sample_weight=np.concatenate([targets, 1 - targets]))
        return line.predict_proba(logit(outer)[:, None])[:, 1]
    return IsotonicRegression(out_of_bounds="clip").fit(inner, y).predict(outer)


def main():
    reference, out = Path(sys.argv[1]), sys.argv[2]
    only = sys.argv[3].split(",") if len(sys.argv) > 3 else None
    results = {}
    for about in json.loads((reference / "data/datasets.json").read_text()):
        if only is not None and about["name"] not in only:
            continue
        table, y = read(reference, about)
        folds = pd.read_csv(reference / about["folds"])["fold"].to_numpy()
        results[about["name"]] = {}
        for name, (make, sampler, weight) in models((len(y) - y.sum()) / y.sum()).items():
            p = np.zeros(len(y))
            for fold in range(5):
                train, judged = folds != fold, folds == fold
                encode = encoder(about).fit(table[train])
                p[judged] = recalibrated(
                    make,
                    sampler,
                    weight,
                    encode.transform(table[train]),
                    y[train],
                    encode.transform(table[judged]),
                )
            results[about["name"]][name] = {"brier": float(np.mean((p - y) ** 2))}
            print(about["name"], name, results[about["name"]][name], flush=True)
    Path(out).write_text(json.dumps(results, indent=1))


main()
