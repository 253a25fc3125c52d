#!/usr/bin/env python3
"""Gradient boosting by xgboost: 100 trees of depth 6 on 256 bins, as the product's default plan but
for the number of trees; with log loss, with focal loss as a custom objective, and predicting."""
import standalone
import numpy as np
import warnings

warnings.filterwarnings("ignore")
TREES = 100
SETTINGS = dict(
    max_depth=6,
    eta=0.1,
    reg_lambda=1,
    min_child_weight=1,
    max_bin=256,
    tree_method="hist",
    nthread=standalone.arguments.threads,
)
GAMMA, ALPHA = 2.0, 0.25


def log_loss(y, z):
    z = z.astype(np.float64)
    return float(np.mean(np.logaddexp(0, z) - y * z))


def average_precision(y, z):
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(y, z))


def started(y):
    """From the prevalence, as we do; from ½, where it starts by itself, it gets less far."""
    return dict(SETTINGS, objective="binary:logistic", base_score=float(y.mean()))


def boosted(objective):
    """With binning measured too: the data are in memory as an array."""

    def prepare():
        import xgboost

        X, y = standalone.features(), standalone.labels()
        settings = started(y) if objective is None else dict(SETTINGS, base_score=0)

        def work():
            data = xgboost.DMatrix(X, y, nthread=standalone.arguments.threads)
            model = xgboost.train(settings, data, TREES, obj=objective)
            work.model, work.data = model, data
            return dict(trees=model.num_boosted_rounds())

        def check():
            z = work.model.predict(work.data, output_margin=True)
            return dict(log_loss=log_loss(y, z), average_precision=average_precision(y, z))

        work.check = check
        return work

    return prepare


def focal(z, data):
    """Gradient and second derivative of focal loss (Lin et al. 2017) in the logit."""
    y = data.get_label()
    sign = np.where(y == 1, 1.0, -1.0)
    alpha = np.where(y == 1, ALPHA, 1 - ALPHA)
    p = 1 / (1 + np.exp(-sign * z))
    q = 1 - p
    nats = -np.log(np.maximum(p, 1e-16))
    inner = GAMMA * p * nats + q
    gradient = -sign * alpha * q**GAMMA * inner
    hessian = alpha * p * q**GAMMA * (GAMMA * inner + q * (1 + GAMMA) - GAMMA * q * nats)
    return gradient, np.maximum(hessian, 1e-16)


def prediction():
    import xgboost

    X, y = standalone.features(), standalone.labels()
    threads = standalone.arguments.threads
    model = xgboost.train(started(y), xgboost.DMatrix(X, y, nthread=threads), TREES)

    def work():
        p = model.inplace_predict(X)
        return dict(mean=float(p.mean()))

    return work


def tables():
    """Eight tables of other seeds: fitted on the first half, judged on the second."""
    import xgboost

    threads = standalone.arguments.threads
    halves = []
    for seed in range(1, 9):
        X = np.fromfile(standalone.path(f"seed-{seed}/bench_x.f32"), "<f4").reshape(-1, standalone.FEATURES)
        y = np.fromfile(standalone.path(f"seed-{seed}/bench_y.u8"), np.uint8).astype(int)
        half = len(y) // 2
        halves.append((X[:half], y[:half], X[half:], y[half:]))

    def work():
        reached = {}
        for seed, (X, y, X_rest, y_rest) in enumerate(halves, 1):
            model = xgboost.train(started(y), xgboost.DMatrix(X, y, nthread=threads), TREES)
            z = model.inplace_predict(X_rest, predict_type="margin")
            reached[f"average_precision_{seed}"] = average_precision(y_rest, z)
        return reached

    return work


ITEMS = dict(
    gbdt=boosted(None), gbdt_focal=boosted(focal), gbdt_predict=prediction, gbdt_tables=tables
)
if __name__ == "__main__":
    standalone.main(ITEMS)
