#!/usr/bin/env python3
"""Order of scores by numpy, and bootstrap draws of average precision by scikit-learn."""
import standalone
import numpy as np

DRAWS = 20  # of 1,000: a draw takes as long as any other


def score_sort():
    p = standalone.scores()

    def work():
        order = np.argsort(-p, kind="stable")
        return dict(first=int(order[0]), last=int(order[-1]))

    return work


def bootstrap_ap():
    from sklearn.metrics import average_precision_score

    y, p = standalone.labels(), standalone.scores()

    def work():
        random = np.random.default_rng(0)
        values = []
        for _ in range(DRAWS):
            i = random.integers(0, len(y), len(y))
            values.append(average_precision_score(y[i], p[i]))
        lower, upper = np.quantile(values, [0.025, 0.975])
        return dict(scale=1000 / DRAWS, lower=float(lower), upper=float(upper))

    return work


ITEMS = dict(score_sort=score_sort, bootstrap_ap=bootstrap_ap)
if __name__ == "__main__":
    standalone.main(ITEMS)
