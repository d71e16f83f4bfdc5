"""Few and many patients: chapter/claims/trials/tables.py."""

from chapter.claims.designs.few_labels import FIRST_SEED
from chapter.claims.experiment import Trial


def _tables(question: str, quick: dict, **sizes) -> Trial:
    return Trial(
        question,
        "chapter.claims.trials.tables:tables_trial",
        "which of the 569 patients train, validate and test, the generators and their rows; there "
        "are no other patients, so an interval says what these show, not what others would",
        {
            "smoke": {"seeds": 1, "preset": "smoke", **sizes, "training": 30, "made": 40},
            "quick": {"seeds": 10, "preset": "quick", **sizes, **quick},
            "full": {"seeds": 100, "first_seed": FIRST_SEED, "preset": "full", **sizes, **quick},
        },
        ("sklearn:datasets/data/breast_cancer.csv",),
        version=2,
    )


TRIALS = {
    "table_few": _tables(
        "What do synthetic patients add to 40 real ones?",
        {"training": 40, "made": 400},
        missing=None,
        flipped=None,
    ),
    "table_all": _tables(
        "What do synthetic patients add to 341 real ones, and what do faulty data cost?",
        {"training": None, "made": None},
        missing=0.3,
        flipped=0.2,
    ),
}
