#!/usr/bin/env python3
"""A random forest by scikit-learn: 100 trees, unlimited depth, one thread."""
import standalone


def forest_fit():
    from sklearn.ensemble import RandomForestClassifier

    X, y = standalone.features(), standalone.labels()
    threads = standalone.arguments.threads
    model = RandomForestClassifier(100, n_jobs=threads, random_state=0)

    def work():
        model.fit(X, y)
        return dict(trees=len(model.estimators_))

    return work


ITEMS = dict(forest_fit=forest_fit)
if __name__ == "__main__":
    standalone.main(ITEMS)
