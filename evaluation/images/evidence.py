"""What else synthetic images of any origin can be asked: copies, attacks, bias.

`compare_images` says how alike two sets are. Here each figure belongs to a question of the
chapter's sections 3.3 and 8.2, and stands beside the same figure of real images, too. Validation
images stand in for synthetic ones where test images are the control: all three are different.
"""

import dataclasses

import numpy as np
from sklearn.pipeline import Pipeline

from data.images.dataset import ImageDataset, ImageSplit
from data.synthetic.guard import HeldOut
from data.synthetic.provenance import Samples
from evaluation.answers import answer, beside
from evaluation.images.features import FeatureNetwork
from evaluation.metrics.arrays import drawn
from evaluation.metrics.classes.bias import class_shares, coverage_by_class, group_recall
from evaluation.metrics.classes.plane import fit_plane, plane_accuracy
from evaluation.metrics.metric import ImageSet, labelled, require_classes
from evaluation.metrics.privacy.copies import near_copies, nearer_to_training
from evaluation.metrics.privacy.membership import ATTACKS, CAUTION, DISTANCES, attack_beside_real
from foundation.purposes import EVIDENCE_IMAGES, NEARER_IMAGES, rng

LISTED = 20  # pairs of a near copy and its original
MADE_OF_HELD_OUT = "nearer to held-out images than to training images: made from held-out ones?"


@dataclasses.dataclass(frozen=True, eq=False)
class Sides:
    """The images that every question is put to.

    Args:
      dataset: real images; the generator may have seen `train` and nothing else.
      synthetic: all samples.
      drawn, held_out, training: of synthetic, test and training images, at most `count` each.
      numbers: int (len(drawn),), the position in `synthetic` of each of `drawn`.
      seed: of the draws.
    """

    dataset: ImageDataset
    synthetic: ImageSplit
    drawn: ImageSet
    held_out: ImageSet
    training: ImageSet
    numbers: np.ndarray
    seed: int

    @classmethod
    def of(
        cls, dataset: ImageDataset, source: Samples, network: FeatureNetwork, count: int, seed: int
    ) -> "Sides":
        """Draw the sides of a source in the form of the real images, at most `count` each."""
        splits = (ImageSplit(source.samples, source.labels), dataset.test, dataset.train)
        chosen = [
            drawn(len(split), count, seed, EVIDENCE_IMAGES, number)
            for number, split in enumerate(splits)
        ]
        sides = [
            ImageSet.of(split.take(each), network)
            for split, each in zip(splits, chosen, strict=True)
        ]
        return cls(dataset, splits[0], *sides, chosen[0], seed)


def evidence(sides: Sides) -> tuple[dict[str, dict], Pipeline | None]:
    """Ask everything of this file; what has no answer says why.

    Returns: name -> {"value", "real", "how_to_read"} and details, or {"value": None, "reason"},
      fit for JSON; the plane of the linear discriminants, None where there is none.
    """
    fitted = answer(lambda: {"value": fit_plane(sides.dataset.train)})
    plane = fitted["value"]

    def accuracy(side: ImageSet) -> dict:
        return {"value": plane_accuracy(plane, labelled(side))}

    words = "share whose label linear discriminants of real training images find; real: held out"
    privacy = {**copies(sides), **attacks(sides)}
    warn_of_held_out(privacy)
    return {
        **privacy,
        **bias(sides),
        "plane_accuracy": {**fitted, "how_to_read": words}
        if plane is None
        else beside(words, accuracy, sides.drawn, sides.held_out),
    }, plane


def copies(sides: Sides) -> dict[str, dict]:
    """Samples equal to held-out images, near copies of training images, which side is nearer."""
    dataset, made = sides.dataset, sides.drawn.images
    training, spare, control = (split.images for split in dataset.splits.values())

    def near(images: np.ndarray) -> dict:
        found, originals = near_copies(images, training)
        pairs = [[int(at), int(originals[at])] for at in np.flatnonzero(found)[:LISTED]]
        return {"value": int(found.sum()), "of": len(images), "pairs": pairs}

    near_figures = beside(
        "samples at most half as far from a training image as its nearest other training image; "
        "far above the real figure: training images are copied",
        near,
        made,
        sides.held_out.images,
    )
    for pair in near_figures.get("pairs", []):
        pair[0] = int(sides.numbers[pair[0]])  # as the caller numbers them
    return {
        "held_out_copies": beside(
            "0 is right: samples equal to a held-out image; else it was trained on",
            lambda images: {"value": int(HeldOut.of(dataset).holds(images).sum())},
            made,
            training,
        ),
        "near_copies": near_figures,
        "nearer_to_training": beside(
            "share of samples nearer to training images than to as many held-out ones; above the "
            "real figure: it owes single training images too much, below: held-out ones",
            lambda images: nearer_to_training(
                images, training, control, rng(sides.seed, NEARER_IMAGES)
            ),
            made,
            spare,
        ),
    }


def attacks(sides: Sides) -> dict[str, dict]:
    """The attacks with all samples, and with as many as there are real images to stand in.

    Validation images stand in, and are what the attacker knows besides.
    """
    dataset, control = sides.dataset, sides.held_out.images
    train, spare = dataset.train.images, dataset.validation.images
    members = train[drawn(len(train), len(control), sides.seed, EVIDENCE_IMAGES, 3)]
    made, names = sides.synthetic.images, ("images", "whole")
    found = answer(
        lambda: {
            "value": attack_beside_real(
                made, train, members, control, spare, sides.seed, repeats=1, names=names
            )
        }
    )
    caution = {"caution": f"{DISTANCES}: {CAUTION}"}
    return {
        f"attack_auc_{name}": {
            **(found if found["value"] is None else found["value"][name] | caution),
            "how_to_read": f"{words}; well above the real figure: members were found out",
        }
        for name, words in ATTACKS.items()
    }


def warn_of_held_out(metrics: dict[str, dict]) -> None:
    """Add "warning" to figures whose whole interval is below a half, and below the real figure."""
    for name in ("nearer_to_training", *(f"attack_auc_{each}" for each in ATTACKS)):
        found = metrics[name]
        if found.get("real") is not None and found.get("high", 1) < min(0.5, found["real"]):
            found["warning"] = MADE_OF_HELD_OUT


def bias(sides: Sides) -> dict[str, dict]:
    """Shares asked for and got, labels shown, variety covered: class by class."""
    dataset, made, held_out = sides.dataset, sides.drawn, sides.held_out
    classes, spare = dataset.num_classes, ImageSet.of(dataset.validation, made.network)

    def shares(side: ImageSet) -> dict:
        require_classes(dataset)
        labels = dataset.train.labels if side.labels is None else side.labels
        asked = np.bincount(labels, minlength=classes) / len(labels)
        confusion = np.zeros((classes, classes), int)
        np.add.at(confusion, (spare.labels, spare.classes), 1)
        return class_shares(asked, np.bincount(side.classes, minlength=classes), confusion)

    def confirmed(side: ImageSet) -> dict:
        require_classes(dataset)
        return group_recall(labelled(side).labels, side.classes)

    def covered(side: ImageSet) -> dict:
        require_classes(dataset)
        return coverage_by_class(held_out.features, held_out.labels, side.features)

    return {
        "class_share_bias": beside(
            "lower is better: total variation between the class shares seen and those seen in real "
            "images of the classes asked for",
            shares,
            made,
            held_out,
        ),
        "class_confirmed_gap": beside(
            "lower is better: some classes show their label less often than others",
            confirmed,
            made,
            held_out,
        ),
        "coverage_gap": beside(
            "lower is better: of some classes fewer kinds are drawn than of others",
            covered,
            made,
            sides.training,
        ),
    }
