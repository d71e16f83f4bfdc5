"""What are synthetic rows worth as training data? Train on them, or on both; test on real rows.

Every classifier is trained on real rows (the ceiling), on as many synthetic ones, and on both. The
real test rows are the same for all, and so are the validation rows that choose the regularisation.
"""

import numpy as np
from threadpoolctl import threadpool_limits

from data.tables.dataset import Table
from data.tables.encoding import Encoding
from evaluation.answers import answer
from evaluation.judges.tables import CLASSIFIERS, tuned_classifier
from evaluation.statistics.intervals import interval, paired
from evaluation.statistics.proportions import share_interval
from foundation.errors import InputError
from foundation.purposes import UTILITY_ROWS, rng

ARMS = ("real", "synthetic", "real + synthetic")
SHARE = 0.8  # of the rows of each arm that a seed takes
SEEDS_VARY = (
    f"each seed takes another {SHARE:.0%} of the real and of the synthetic rows, and other first "
    "weights of the MLP; the generator, the split and the test rows are the same for all seeds"
)


def table_utility(
    training: Table, synthetic: Table, validation: Table, test: Table, seeds: int, seed: int
) -> dict:
    """Accuracy and mean recall on real test rows, for each classifier and each arm.

    Args:
      training: real rows.
      synthetic: drawn from where there are more than real ones.
      validation, test: real rows that the generator has not seen.
      seeds: trainings of each kind, at least 1.
      seed: of the first; the others follow it.

    Returns: {"seeds", "seeds_vary", "test_rows", "rows": of an arm, "classifiers": name -> {arm:
      {"accuracy", "recall" (mean over classes): each as `Interval`, "values", one a seed,
      "other_test_rows"}, "difference": synthetic - real, "difference_both": both - real}}. Where a
      classifier cannot be trained: {"value": None, "reason"}.
    Raises: InputError without a categorical target.
    """
    if not training.class_names:
        raise InputError(
            "a table without a categorical target",
            "--target COLUMN with classes; a target of numbers is described, not implemented",
            "name one",
        )
    arms = {number: _arms(training, synthetic, number) for number in range(seed, seed + seeds)}
    encoding = Encoding.fit(training.without_target())
    sides = [(encoding.encode(t.without_target()), t.labels) for t in (validation, test)]
    # Thousands of products of small matrices: with two threads they mostly wait for each other.
    with threadpool_limits(1):
        classifiers = {
            name: answer(lambda name=name: _judged(name, arms, encoding, *sides))
            for name in CLASSIFIERS
        }
    rows = {arm: len(table) for arm, table in arms[seed].items()}
    return {
        "seeds": seeds,
        "seeds_vary": SEEDS_VARY,
        "test_rows": len(test),
        "rows": rows,
        "classifiers": classifiers,
    }


def _arms(training: Table, synthetic: Table, seed: int) -> dict[str, Table]:
    """The rows that each arm is trained on with this seed."""
    generator = rng(seed, UTILITY_ROWS)
    real = training.take(generator.permutation(len(training))[: round(SHARE * len(training))])
    count = min(len(real), round(SHARE * len(synthetic)))
    made = synthetic.take(generator.permutation(len(synthetic))[:count])
    both = real.with_values(np.concatenate([real.values, made.values]))
    return dict(zip(ARMS, (real, made, both), strict=True))


def _judged(
    name: str,
    arms: dict[int, dict[str, Table]],
    encoding: Encoding,
    validation: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
) -> dict:
    """One classifier in all arms and seeds."""
    rows, labels = test
    accuracy = {arm: [] for arm in ARMS}
    recall = {arm: [] for arm in ARMS}
    for seed, tables in arms.items():
        for arm, table in tables.items():
            matrix = encoding.encode(table.without_target())
            model = tuned_classifier(name, matrix, table.labels, *validation, seed)
            right = model.predict(rows) == labels
            accuracy[arm].append(float(right.mean()))
            recall[arm].append(float(np.mean([right[labels == c].mean() for c in set(labels)])))
    found = {
        arm: {
            "accuracy": interval(accuracy[arm]).as_json(),
            "recall": interval(recall[arm]).as_json(),
            "values": accuracy[arm],
            # The interval for the draw of the test rows, which no seed repeats.
            "other_test_rows": list(
                share_interval(round(float(np.mean(accuracy[arm])) * len(labels)), len(labels))
            ),
        }
        for arm in ARMS
    }
    found["difference"] = paired(accuracy["synthetic"], accuracy["real"]).as_json()
    found["difference_both"] = paired(accuracy["real + synthetic"], accuracy["real"]).as_json()
    return found
