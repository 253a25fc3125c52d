#!/usr/bin/env python3
"""Numbers and texts by pandas; the item csv-mixed has made the file."""
import standalone


def read_mixed_csv_pandas():
    import pandas as pd

    def work():
        table = pd.read_csv(standalone.path("mixed.csv"))
        texts = sum(kind == object for kind in table.dtypes)
        return dict(rows=table.shape[0], columns=table.shape[1], texts=int(texts))

    return work


ITEMS = dict(read_mixed_csv_pandas=read_mixed_csv_pandas)
if __name__ == "__main__":
    standalone.main(ITEMS)
