"""`fuse REAL SYNTHETIC... --out FILE`: real and synthetic images become one training set.

What `data/` must not know (a classifier's confidence, recall, distances) is measured here and
passed down. Only training and validation images are looked at: the test images are copied into the
file, so that who trains on it is tested on real images, and decide nothing.
"""

import dataclasses
import functools

import numpy as np

from data.images.dataset import ImageDataset
from data.images.load import load_images
from data.images.resizing import Form
from data.synthetic.balancing import ADAPTIVE, LARGEST
from data.synthetic.fusion import Fused, check_file, fuse, save_fused
from data.synthetic.guard import HeldOut
from data.synthetic.postprocessing import effect, postprocess
from data.synthetic.provenance import Samples
from data.synthetic.quality_filter import distance_limits, quality_filter
from data.synthetic.reading import load_synthetic
from evaluation.answers import answer
from evaluation.config import FuseSettings
from evaluation.metrics.distances import nearest_rows
from evaluation.metrics.likeness.frechet import frechet_distance
from evaluation.metrics.metric import require_classes
from evaluation.printing import too_few
from foundation.console import print_table
from foundation.errors import InputError
from foundation.purposes import FUSE_IMAGES, rng
from foundation.quiet import import_tensorflow

MOST_MEASURED = 2_000  # images that a Frechet distance of the post-processing is taken from


def fuse_files(settings: FuseSettings) -> dict:
    """Load, post-process, filter, mix, write FILE and its .json; print what was done.

    Returns: the content of the .json.
    Raises: InputError if a place, a class, a choice or --out is at fault, or a source holds
      held-out images.
    """
    out = check_file(settings.out)
    balance = balance_of(settings.balance)
    quiet, most, real_place = settings.quiet, settings.max_images, settings.real
    dataset = load_images(real_place, max_images=most, quiet=quiet, **settings.reading(real_place))
    held_out = HeldOut.of(dataset)
    judge = Judge(dataset, 1 if settings.preset == "smoke" else None)
    form = Form(**settings.reading())
    loaded = [load_synthetic(place, dataset, form, quiet) for place in settings.synthetic]
    for source in loaded:
        held_out.refuse(source.name, source.samples)  # post-processing would change the hash
    both = [prepared(source, dataset, judge, settings) for source in loaded]
    sources, steps = [source for source, _ in both], [report for _, report in both]
    real = Samples(
        dataset.name,
        dataset.train.images,
        dataset.train.labels,
        origin={"sha256": dataset.sha256, "part": "train"},
    )
    fused = fuse(
        real,
        sources,
        settings.ratio,
        balance,
        held_out=held_out,
        recalls=judge.recalls() if balance == ADAPTIVE else None,
        num_classes=dataset.num_classes or None,
        seed=settings.seed,
    )
    report = {
        "settings": dataclasses.asdict(settings),
        "data": dataset.name,
        "data_sha256": dataset.sha256,
        "class_names": list(dataset.class_names),
        "data_counts": dataset.counts,
        "prepared": steps,
    }
    changes = [*dataset.changes, *(change for source in loaded for change in source.changes)]
    report = save_fused(out, fused, dataset, report, changes)
    if not settings.quiet:
        print_report(fused, dataset, steps)
        print(f"written: {out} and {out.with_suffix('.json').name}; use it with --data npz:{out}")
    return report


def balance_of(words: str | None) -> str | int | None:
    """ "500" -> 500.

    Raises: InputError unless it is a count, "largest" or "adaptive".
    """
    if words is None or words in (LARGEST, ADAPTIVE):
        return words
    if not words.isdecimal():
        raise InputError(
            f"--balance {words}", f"a count, {LARGEST} or {ADAPTIVE}", "choose one of these"
        )
    return int(words)


def prepared(
    source: Samples, dataset: ImageDataset, judge: "Judge", settings: FuseSettings
) -> tuple[Samples, dict]:
    """One source after post-processing and filter, and what both did."""
    report = {"source": source.name}
    if settings.postprocess is not None:
        steps, before = settings.postprocess.split(","), source.samples
        after = postprocess(before, steps, settings.sigma)
        report["postprocessing"] = {
            "steps": steps,
            **effect(before, after, dataset.train.images),
            "frechet_distance": judge.frechet_distances(before, after),
        }
        source = dataclasses.replace(source, samples=after)
    limits, distances, confidence = (None, None), None, None
    if settings.drop_near is not None or settings.drop_far is not None:
        limits = distance_limits(judge.real_distances, settings.drop_near, settings.drop_far)
        distances = nearest_rows(source.samples, dataset.train.images)[1]
    if settings.min_confidence is not None:
        confidence = judge.confidence(source)
    found = quality_filter(
        source,
        dataset.train.images,
        distances=distances,
        nearer_than=limits[0],
        farther_than=limits[1],
        confidence=confidence,
        min_confidence=settings.min_confidence,
    )
    return source.take(found.kept), {**report, "filter": found.report}


class Judge:
    """What is measured with a CNN trained on the real training images, each when first needed.

    Args:
      dataset: the real images.
      epochs: of the CNN, other than the recipe's (smoke runs).
    """

    def __init__(self, dataset: ImageDataset, epochs: int | None):
        self.dataset, self.epochs = dataset, epochs

    @functools.cached_property
    def network(self):
        """The feature network: trained, or from the cache."""
        import_tensorflow()
        from evaluation.images.features import FeatureNetwork

        return FeatureNetwork.for_dataset(self.dataset, self.epochs)

    @functools.cached_property
    def real_distances(self) -> np.ndarray:
        """Of each validation image to its nearest training image; float (count,)."""
        return nearest_rows(self.dataset.validation.images, self.dataset.train.images)[1]

    def confidence(self, source: Samples) -> np.ndarray:
        """The probability of each sample's own label; float (count,)."""
        require_classes(self.dataset, "--min-confidence")
        if source.labels is None:
            raise InputError(
                f"--min-confidence with {source.name} without labels", "labels", "leave it out"
            )
        probabilities = self.network.probabilities(source.samples)
        return probabilities[np.arange(len(source)), source.labels]

    def recalls(self) -> np.ndarray:
        """The recall of each class among the validation images; float (classes,)."""
        require_classes(self.dataset, "--balance adaptive")
        validation = self.dataset.validation
        seen = self.network.probabilities(validation.images).argmax(axis=1)
        classes = self.dataset.num_classes
        counts = np.bincount(validation.labels, minlength=classes)
        right = np.bincount(validation.labels[seen == validation.labels], minlength=classes)
        absent = np.flatnonzero(counts == 0)
        if len(absent):
            received = f"no validation image of class {self.dataset.class_names[absent[0]]!r}"
            expected = "at least one of each class"
            raise InputError(received, expected, "balance to a count or to the largest")
        return right / counts

    def frechet_distances(self, before: np.ndarray, after: np.ndarray) -> dict:
        """Frechet distances to validation images, and that of as many training images.

        Returns: {"before", "after", "real", "images": on each side}; {"value": None, "reason"}
          where there are too few images.
        """
        validation, training = self.dataset.validation.images, self.dataset.train.images
        count = min(MOST_MEASURED, len(before), len(validation), len(training))

        def features(images: np.ndarray, number: int) -> np.ndarray:
            order = rng(0, FUSE_IMAGES, number).permutation(len(images))
            return self.network.features(images[order[:count]])

        def distances() -> dict:
            reference = features(validation, 0)
            sides = {"before": (before, 1), "after": (after, 1), "real": (training, 2)}
            found = {
                name: frechet_distance(features(*side), reference) for name, side in sides.items()
            }
            return found | {"images": count}

        return answer(distances)


def print_report(fused: Fused, dataset: ImageDataset, steps: list[dict]) -> None:
    """What was prepared and mixed: a line a source, a line a class."""
    for step in steps:
        print_preparation(step)
    names = dataset.class_names
    counts = np.bincount(fused.provenance.source, minlength=len(fused.provenance.names))
    rows = [*zip(fused.provenance.names, counts, strict=True), ("all", len(fused.samples))]
    print_table(("source", "images"), [(name, f"{count:,}") for name, count in rows])
    if names:
        rows = []
        for entry in fused.report["classes"]:
            real, asked, got = entry["real"], entry["asked"], entry["synthetic"]
            cells = (f"{count:,}" for count in (real, asked, got, real + got))
            rows.append((names[entry["class"]], *cells))
        print_table(("class", "real", "asked", "got", "together"), rows)
    if fused.report["short"]:
        print(
            f"{fused.report['short']:,} synthetic images fewer than asked for: the sources have no "
            "more of these classes; generate more"
        )


def print_preparation(step: dict) -> None:
    """What post-processing and filter did to one source."""
    done = step.get("postprocessing")
    if done:
        print(f"{step['source']}: {', '.join(done['steps'])}; before, after, real:")
        for name in ("noise", "sharpness"):
            cells = "".join(f"{done[name][side]:10.3f}" for side in ("before", "after", "real"))
            print(f"  {name:<17}{cells}   grey levels")
        distances = done["frechet_distance"]
        if "reason" in distances:
            print(f"  Frechet distance not computed: {distances['reason']}")
        else:
            cells = "".join(f"{distances[side]:10.3f}" for side in ("before", "after", "real"))
            better = f"{'' if distances['after'] < distances['before'] else 'no '}better with it"
            print(f"  Frechet distance {cells}   {better} {too_few(distances['images'])}".rstrip())
    found = step["filter"]
    dropped = ", ".join(f"{count:,} {why}" for why, count in found["dropped"].items() if count)
    print(
        f"{step['source']}: {found['kept']:,} of {found['count']:,} kept"
        + (f"; left out: {dropped}" if dropped else "")
    )
