#!/usr/bin/env python3
"""Logistic regression by scikit-learn as it comes (L-BFGS, C = 1), and the objective it reaches."""
import standalone
import numpy as np


def logistic_regression():
    from sklearn.linear_model import LogisticRegression

    X, y = standalone.standardized(), standalone.labels()
    model = LogisticRegression(max_iter=1000, n_jobs=1)

    def work():
        model.fit(X, y)
        return dict(iterations=int(model.n_iter_[0]))

    def check():
        z = model.decision_function(X)
        w = model.coef_[0]
        return dict(objective=float(w @ w / 2 + np.sum(np.logaddexp(0, z) - y * z)))

    work.check = check
    return work


ITEMS = dict(logistic_regression=logistic_regression)
if __name__ == "__main__":
    standalone.main(ITEMS)
