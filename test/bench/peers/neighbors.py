#!/usr/bin/env python3
"""Exact 5 nearest neighbours of the positives among all samples, and among 50,000 samples of all
of them, by scikit-learn's brute force."""
import standalone
import numpy as np


def nearest(rows):
    def prepare():
        from sklearn.neighbors import NearestNeighbors

        X, y = standalone.standardized(), standalone.labels()
        if rows is not None:
            X = X[:rows]
        queries = X[y == 1] if rows is None else X
        threads = standalone.arguments.threads
        model = NearestNeighbors(n_neighbors=6, algorithm="brute", n_jobs=threads).fit(X)

        def work():
            distances, _ = model.kneighbors(queries)
            return dict(mean_distance=float(np.mean(distances[:, 1:])))

        return work

    return prepare


ITEMS = dict(knn_positives=nearest(None), knn_50k=nearest(50000))
if __name__ == "__main__":
    standalone.main(ITEMS)
