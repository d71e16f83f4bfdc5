"""Which files an augmented folder will hold, by what name, in what order."""

import dataclasses
import math
import re
from collections import Counter

from augmentation.folders.sources import Source

BATCH_IMAGES = 64
BATCH_VALUES = 2**20  # pixels times channels; moving every pixel takes some hundred bytes for each


@dataclasses.dataclass(frozen=True)
class Output:
    """One image to write.

    Args:
      number: its row in the manifest.
      file: its path inside the directory, with "/".
      mask: the path of its mask; "" without masks.
      source: the image that it is made of.
      copy: which copy of the source it is; None: the source's own bytes.
    """

    number: int
    file: str
    mask: str
    source: Source
    copy: int | None


@dataclasses.dataclass(frozen=True)
class Plan:
    """All images to write.

    Args:
      outputs: in the order of the sources, an original before its copies.
      overfull: folders that hold more than they were to be filled up to -> how many.
    """

    outputs: list[Output]
    overfull: dict[str, int]


def plan_copies(sources: list[Source], copies: int) -> Plan:
    """So many copies of every image, without the image; held-out images are only copied."""
    counts = [copies if source.file.augmented else 0 for source in sources]
    kept = [not source.file.augmented for source in sources]
    return Plan(_outputs(sources, kept, counts), {})


def plan_balance(sources: list[Source], size: int) -> Plan:
    """All images, and copies until every folder that holds images holds `size` of them.

    The copies are dealt out one by one, in the order of the images, round after round. A folder
    that already holds more keeps all. Held-out images are only copied.
    """
    folders: dict[str, list[int]] = {}
    for place, source in enumerate(sources):
        if source.file.augmented:
            folders.setdefault(source.file.folder, []).append(place)
    counts = [0] * len(sources)
    for places in folders.values():
        rounds, rest = divmod(max(size - len(places), 0), len(places))
        for turn, place in enumerate(places):
            counts[place] = rounds + (turn < rest)
    overfull = {folder: len(places) for folder, places in folders.items() if len(places) > size}
    return Plan(_outputs(sources, [True] * len(sources), counts), overfull)


def batches(outputs: list[Output]) -> list[list[Output]]:
    """The outputs in groups to be made together: all originals, or all copies of one shape."""
    alike: dict[object, list[Output]] = {}
    for output in outputs:
        source = output.source
        key = None if output.copy is None else (source.shape, source.mask_dtype)
        alike.setdefault(key, []).append(output)
    groups = []
    for key, group in alike.items():
        values = 1 if key is None else math.prod(group[0].source.shape)
        most = max(1, min(BATCH_IMAGES, BATCH_VALUES // values))
        groups += [group[start : start + most] for start in range(0, len(group), most)]
    return groups


def _outputs(sources: list[Source], kept: list[bool], counts: list[int]) -> list[Output]:
    """Every image to write, numbered and named.

    Args:
      sources: in order.
      kept: whether each is also written as it is.
      counts: of copies of each.
    """
    names = _base_names(sources, kept)
    digits = max(3, len(str(max(counts) - 1)))
    outputs: list[Output] = []
    for source, keep, count, base in zip(sources, kept, counts, names, strict=True):
        images, masks = ("images/", "masks/") if source.mask else ("", "")
        if keep:
            name = source.file.name
            mask = masks and f"{masks}{name.removesuffix(source.file.path.name)}{source.mask.name}"
            outputs.append(Output(len(outputs), images + name, mask, source, None))
        for copy in range(count):
            name = f"{base}-{copy:0{digits}d}.png"
            mask = masks and masks + name
            outputs.append(Output(len(outputs), images + name, mask, source, copy))
    return outputs


def _base_names(sources: list[Source], kept: list[bool]) -> list[str]:
    """What the names of each source's copies begin with, different for all.

    That is its name without suffix; with the suffix where it would stand for two (a.jpg and a.png);
    and an underscore more where it begins the name of an original (a-000.png of an earlier run).
    Names that differ in capitals only are one on some file systems.
    """
    stems = [_stem(source.file.name) for source in sources]
    frequency = Counter(stem.casefold() for stem in stems)
    begun = {
        match[1]
        for stem, keep in zip(stems, kept, strict=True)
        if keep and (match := re.fullmatch(r"(.*)-\d+", stem.casefold(), re.DOTALL))
    }
    bases: list[str] = []
    for source, stem in zip(sources, stems, strict=True):
        base = stem if frequency[stem.casefold()] == 1 else source.file.name
        while base.casefold() in begun:
            base += "_"
        begun.add(base.casefold())
        bases.append(base)
    return bases


def _stem(name: str) -> str:
    """A relative path without its suffix."""
    folder, slash, file = name.rpartition("/")
    stem, dot, _ = file.rpartition(".")
    return folder + slash + (stem if dot and stem else file)
