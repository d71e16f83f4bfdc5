"""Which files an augmented folder will hold, by what name, in what order."""

import dataclasses
import math
import os
from collections import Counter

from augmentation.folders.sources import SourceImage

BATCH_IMAGES = 64
BATCH_VALUES = 2**20  # pixels times channels; moving every pixel takes some hundred bytes for each


@dataclasses.dataclass(frozen=True)
class Output:
    """One image to write.

    Args:
      file: its path inside the directory, with "/".
      mask: the path of its mask; "" without masks.
      source: the image that it is made of.
      copy: which copy of the source it is; None: the source's own bytes.
    """

    file: str
    mask: str
    source: SourceImage
    copy: int | None


def plan_copies(sources: list[SourceImage], copies: int) -> list[Output]:
    """So many copies of every image, without the image; held-out images are only copied."""
    kept = [not source.augmented for source in sources]
    return _outputs(sources, kept, [copies * source.augmented for source in sources])


def plan_balance(sources: list[SourceImage], size: int) -> list[Output]:
    """All images, and copies until every folder that holds images holds `size` of them.

    The copies are dealt out one by one, in the order of the images, round after round. A folder
    that already holds more keeps all. Held-out images are only copied.
    """
    counts = [0] * len(sources)
    for places in augmented_folders(sources).values():
        rounds, rest = divmod(max(size - len(places), 0), len(places))
        for turn, place in enumerate(places):
            counts[place] = rounds + (turn < rest)
    return _outputs(sources, [True] * len(sources), counts)


def augmented_folders(sources: list[SourceImage]) -> dict[str, list[int]]:
    """Folder -> the places, in `sources`, of its images that are not held out."""
    folders: dict[str, list[int]] = {}
    for place, source in enumerate(sources):
        if source.augmented:
            folders.setdefault(os.path.dirname(source.name), []).append(place)
    return folders


def batches(outputs: list[Output]) -> list[list[Output]]:
    """The outputs in groups to be made together: all originals, or all copies of one shape."""
    alike: dict[object, list[Output]] = {}
    for output in outputs:
        alike.setdefault(None if output.copy is None else output.source.shape, []).append(output)
    groups = []
    for shape, group in alike.items():
        values = 1 if shape is None else math.prod(shape)
        most = max(1, min(BATCH_IMAGES, BATCH_VALUES // values))
        groups += [group[start : start + most] for start in range(0, len(group), most)]
    return groups


def _outputs(sources: list[SourceImage], kept: list[bool], counts: list[int]) -> list[Output]:
    """Every image to write, in the order of the sources, an original before its copies.

    Args:
      sources: in order.
      kept: whether each is also written as it is.
      counts: of copies of each.
    """
    digits = max(3, len(str(max(counts) - 1)))
    stems = [os.path.splitext(source.name)[0] for source in sources]
    frequency = Counter(map(str.casefold, stems))
    taken = {source.name.casefold() for source, keep in zip(sources, kept, strict=True) if keep}
    outputs: list[Output] = []
    for source, stem, keep, count in zip(sources, stems, kept, counts, strict=True):
        images, masks = ("images/", "masks/") if source.mask else ("", "")
        if keep:
            folder = source.name.removesuffix(source.path.name)
            mask = masks and f"{masks}{folder}{source.mask.name}"
            outputs.append(Output(images + source.name, mask, source, None))
        base = stem if frequency[stem.casefold()] == 1 else source.name  # a.jpg beside a.png
        names = _copy_names(base, count, digits)
        while not taken.isdisjoint(map(str.casefold, names)):  # a-000.png of an earlier run
            base += "_"
            names = _copy_names(base, count, digits)
        taken.update(map(str.casefold, names))
        for copy, name in enumerate(names):
            outputs.append(Output(images + name, masks and masks + name, source, copy))
    return outputs


def _copy_names(base: str, count: int, digits: int) -> list[str]:
    return [f"{base}-{copy:0{digits}d}.png" for copy in range(count)]
