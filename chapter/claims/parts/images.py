"""The images that the trials on images share, and what guards them."""

import dataclasses
import functools

from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from data.splits import stratified_draw
from data.synthetic.guard import HeldOut


@dataclasses.dataclass(frozen=True, eq=False)
class TrialImages:
    """A data set as a trial uses it.

    Args:
      dataset: with as many validation and test images as the sizes of the trial say.
      held_out: all validation and test images, also those that are not used.
    """

    dataset: ImageDataset
    held_out: HeldOut


@functools.lru_cache(maxsize=2)
def trial_images(validated: int | None, tested: int | None, data: str = "mnist") -> TrialImages:
    """A data set with its own test set; loaded once for all seeds.

    Args:
      validated, tested: images of these splits, drawn with equal class shares, the same for all
        seeds and arms (MNIST's first 5,000 test images are easier than the rest); None: all.
      data: "mnist" or "digits".
    """
    dataset = load_images(data, quiet=True)
    held_out = HeldOut.of(dataset)
    validation = at_most(dataset.validation, validated)
    test = at_most(dataset.test, tested)
    return TrialImages(dataclasses.replace(dataset, validation=validation, test=test), held_out)


def at_most(split: ImageSplit, count: int | None) -> ImageSplit:
    """The split, or so many of its images that every class keeps its share."""
    if count is None or count >= len(split):
        return split
    return split.take(stratified_draw(split.labels, count))
