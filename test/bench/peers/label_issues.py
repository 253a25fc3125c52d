#!/usr/bin/env python3
"""Confident learning for two classes, vectorised in numpy: the confident joint, calibrated to the
counts of the given labels, and as many doubted samples of each kind as it says, lowest
self-confidence first (Northcutt, Jiang, Chuang 2021). A fifth of the positives are given as
negatives, as in peer_bench.py."""
import standalone
import numpy as np


def confident_learning():
    y, p = standalone.labels(), standalone.scores()
    given = y.copy()
    positives = np.flatnonzero(y == 1)
    given[np.random.default_rng(1).choice(positives, int(0.2 * len(positives)), replace=False)] = 0

    def work():
        P = np.column_stack([1 - p, p])
        thresholds = np.array([P[given == k, k].mean() for k in (0, 1)])
        reached = np.where(P >= thresholds - 1e-6, P, -1.0)
        confident = reached.max(axis=1) >= 0
        joint = np.zeros((2, 2))
        np.add.at(joint, (given[confident], reached[confident].argmax(axis=1)), 1)
        np.fill_diagonal(joint, np.maximum(np.diag(joint), 1))
        counts = np.bincount(given, minlength=2)
        joint *= (counts / joint.sum(axis=1))[:, None]
        issues = []
        for k in (0, 1):
            doubted = round(joint[k, 1 - k])
            of_class = np.flatnonzero(given == k)
            margin = P[of_class, 1 - k] - P[of_class, k]
            worst = np.argpartition(-margin, doubted)[:doubted] if doubted else np.zeros(0, int)
            issues.append(of_class[worst[margin[worst] > 0]])
        found = np.concatenate(issues)
        found = found[np.argsort(P[found, given[found]], kind="stable")]
        return dict(issues=len(found))

    return work


ITEMS = dict(confident_learning=confident_learning)
if __name__ == "__main__":
    standalone.main(ITEMS)
