"""What an arm chooses, once, on the validation data of a seed by which nothing is judged.

Hyperparameters of the classifier and, where the arm has samples, their share. Every arm has the
same candidates for the first; by its shares an arm with samples has more to choose from, which is
in its favour.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from data.images.dataset import ImageSplit
from evaluation.judges.arms import Arm, ArmTrainer
from evaluation.judges.images import CLASSIFIERS, Classifier

# From a classifier and validation images to a figure of which more is better.
Score = Callable[[Classifier, ImageSplit], float]
# Of one arm, from the share of its samples (None: it has none) to the training set.
Build = Callable[[float | None], Arm]


def chosen(
    arms: Mapping[str, tuple[Build, Sequence[float | None]] | None],
    trainer: ArmTrainer,
    classifiers: Sequence[str],
    seed: int,
    candidates: int,
    parts: Mapping[str, ImageSplit],
    score: Score,
) -> dict:
    """The best candidate of each arm and classifier.

    Args:
      arms: name -> (what builds it, its shares); None for an arm that cannot be made.
      classifiers: keys of evaluation.judges.images.CLASSIFIERS.
      seed: of the trainings.
      candidates: hyperparameters tried, the same for all arms.
      parts: by what it is chosen: "all": the validation images, "few": as many as train.

    Returns: arm -> classifier -> part -> {"share", "hyperparameters", "score"}, fit for JSON.
    """
    found: dict = {}
    for name, arm in arms.items():
        if arm is None:
            continue
        build, shares = arm
        best: dict = {each: {} for each in classifiers}
        for share in shares:
            made = build(share)
            trainer.check(name, made)
            for classifier in classifiers:
                for given in CLASSIFIERS[classifier].candidates[:candidates]:
                    trained = trainer.train(made, classifier, seed, given)
                    for part, split in parts.items():
                        reached = float(score(trained, split))
                        known = best[classifier].get(part)
                        if known is None or reached > known["score"]:
                            best[classifier][part] = {
                                "share": share,
                                "hyperparameters": dict(given),
                                "score": reached,
                            }
        found[name] = best
    return found


def choice_of(choices: Mapping | None, arm: str, classifier: str, part: str = "all") -> dict:
    """What an arm has chosen; the middle share and the first candidate where nothing was chosen.

    Args:
      choices: of `chosen`, which has every arm that could be made; None: at a preset that has no
        time for it, and for an arm without a choice.
    """
    if choices is None:
        return {"share": 0.5, "hyperparameters": dict(CLASSIFIERS[classifier].candidates[0])}
    return choices[arm][classifier][part]


def accuracy(classifier: Classifier, split: ImageSplit) -> float:
    """The score of a trial with classes that are alike."""
    return float(np.mean(classifier.predict(split.images) == split.labels))
