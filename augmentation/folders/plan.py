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
    """One image to write."""

    file: str  # its path inside the directory, with "/"
    mask: str  # the path of its mask; "" without masks
    source: SourceImage
    copy: int | None  # which copy of the source it is; None: the source's own bytes


def plan(
    sources: list[SourceImage], copies: int | None = None, balance_to: int | None = None
) -> list[Output]:
    """Every image to write, in the order of the sources, an original before its copies.

    Args:
      copies: of every image, without the image; held-out images are only copied as they are.
      balance_to: instead of copies: all images, and copies until every folder that holds images
        holds so many. They are dealt out one by one, in the order of the images, round after
        round. A folder that already holds more keeps all. Held-out images are only copied.
    """
    kept = [balance_to is not None or not source.augmented for source in sources]
    # What reading changed is written anew, as its copies are.
    anew = [source.changed and not source.name.lower().endswith(".png") for source in sources]
    counts = [(copies or 0) * source.augmented for source in sources]
    if balance_to is not None:
        for places in augmented_folders(sources).values():
            rounds, rest = divmod(max(balance_to - len(places), 0), len(places))
            for turn, place in enumerate(places):
                counts[place] = rounds + (turn < rest)
    digits = max(3, len(str(max(counts) - 1)))
    stems = [os.path.splitext(source.name)[0] for source in sources]
    frequency = Counter(map(str.casefold, stems))
    rows = list(zip(sources, stems, kept, anew, counts, strict=True))
    taken = {source.name.casefold() for source, _, keep, new, _ in rows if keep and not new}
    outputs: list[Output] = []
    for source, stem, keep, new, count in rows:
        images, masks = ("images/", "masks/") if source.mask else ("", "")
        base = stem if frequency[stem.casefold()] == 1 else source.name  # a.jpg beside a.png
        while True:
            names = [f"{base}-{copy:0{digits}d}.png" for copy in range(count)]
            original = [f"{base}.png"] if keep and new else []
            if taken.isdisjoint(map(str.casefold, names + original)):
                break
            base += "_"  # a-000.png of an earlier run
        taken.update(map(str.casefold, names + original))
        if keep:
            (name,) = original or [source.name]
            suffix = "" if not masks else ".png" if source.mask_changed else source.mask.suffix
            mask = masks and masks + os.path.splitext(name)[0] + suffix
            outputs.append(Output(images + name, mask, source, None))
        for copy, name in enumerate(names):
            outputs.append(Output(images + name, masks and masks + name, source, copy))
    return outputs


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
        most = max(1, min(BATCH_IMAGES, BATCH_VALUES // math.prod(shape or (1,))))
        groups += [group[start : start + most] for start in range(0, len(group), most)]
    return groups
