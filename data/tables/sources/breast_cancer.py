"""`breast_cancer`: scikit-learn's (Wolberg, Street and Mangasarian, UCI 1995, CC BY 4.0)."""

from data.source import TABLE, Source

TARGET = "diagnosis"


def load(place: str, reading) -> object:
    """569 tumours: 30 measures of cell nuclei, and the diagnosis.

    Its outliers are clipped and lost cells filled, as in every published figure.
    """
    from sklearn.datasets import load_breast_cancer

    from data.tables.columns import RawTable
    from data.tables.dataset import written

    bunch = load_breast_cancer(as_frame=True)
    cells = bunch.data.map(written).astype(str)
    cells[TARGET] = bunch.target_names[bunch.target]
    return RawTable("breast_cancer", cells, TARGET, clipped=True, filled=True)


SOURCE = Source(
    "breast_cancer",
    (TABLE,),
    "569 breast tumours of Wisconsin, 30 measures of each, benign or malignant",
    load,
)
