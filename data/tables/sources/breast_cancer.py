"""`breast_cancer`: scikit-learn's (Wolberg, Street and Mangasarian, UCI 1995, CC BY 4.0)."""

from data.source import TABLE, Source
from data.tables.csv_files import RawTable, written

TARGET = "diagnosis"


def load(place: str) -> tuple[RawTable, str]:
    """569 tumours: 30 measures of cell nuclei, and the diagnosis."""
    from sklearn.datasets import load_breast_cancer  # slow to import, and only this table needs it

    bunch = load_breast_cancer()
    diagnoses = [str(bunch.target_names[label]) for label in bunch.target]
    rows = [
        (*map(written, row), diagnosis)
        for row, diagnosis in zip(bunch.data.tolist(), diagnoses, strict=True)
    ]
    header = (*map(str, bunch.feature_names), TARGET)
    return RawTable(SOURCE.name, header, rows, ","), TARGET


SOURCE = Source(
    "breast_cancer",
    (TABLE,),
    "569 breast tumours of Wisconsin, 30 measures of each, benign or malignant",
    load,
)
