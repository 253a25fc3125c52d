#!/usr/bin/env python3
"""Forests by scikit-learn and imbalanced-learn: 100 trees, unlimited depth; EasyEnsemble: 10 members of 50
stumps. One thread."""
import standalone


def fitting(make):
    def prepare():
        X, y = standalone.features(), standalone.labels()
        model = make(standalone.arguments.threads)

        def work():
            model.fit(X, y)
            return dict(trees=len(model.estimators_))

        def check():
            from sklearn.metrics import average_precision_score

            return dict(average_precision=average_precision_score(y, model.predict_proba(X)[:, 1]))

        work.check = check
        return work

    return prepare


def forest(threads):
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(100, n_jobs=threads, random_state=0)


def balanced_forest(threads):
    from imblearn.ensemble import BalancedRandomForestClassifier

    return BalancedRandomForestClassifier(100, n_jobs=threads, random_state=0)


def easy_ensemble(threads):
    from imblearn.ensemble import EasyEnsembleClassifier

    return EasyEnsembleClassifier(10, n_jobs=threads, random_state=0)


ITEMS = dict(
    forest_fit=fitting(forest),
    balanced_forest_fit=fitting(balanced_forest),
    easy_ensemble_fit=fitting(easy_ensemble),
)
if __name__ == "__main__":
    standalone.main(ITEMS)
