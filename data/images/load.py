"""`load_images`: every image data set that `--data` can name, in one form."""

import dataclasses
import sys

import numpy as np

from data.config import OF_FILES
from data.images.dataset import Change, ImageDataset, ImageSplit, counted_changes, told
from data.images.resizing import Form
from data.kinds import IMAGES, parse
from data.splits import stratified_draw
from foundation.errors import InputError
from foundation.settings import flag_name

__all__ = ["Change", "ImageDataset", "ImageSplit", "load_images"]


def load_images(
    data: str,
    image_size: int | None = None,
    max_images: int | None = None,
    denoise: bool = False,
    quiet: bool = False,
    **reading,
) -> ImageDataset:
    """Load, clean and split an image data set; the same arguments give the same images.

    Args:
      data: what a file of data/images/sources names, such as mnist or folder:PATH.
      image_size: side in pixels to crop and resize every image to; None keeps the size.
      max_images: at most that many images in each split, drawn so that the classes keep their
        shares; the order stays. None: all.
      denoise: apply a 3 x 3 median filter to every image.
      quiet: no counter on the terminal while a folder is read, no line that says what was lost.
      reading: channels; of a folder levels, max_pixels, mask_suffix: see data.images.resizing.Form.

    Raises: InputError if the name, the place or the content is at fault.
    """
    source, place = parse(data, IMAGES)
    needless = [name for name in OF_FILES if reading.get(name) and source.name != "folder:PATH"]
    if needless:
        flag = flag_name(needless[0])
        raise InputError(f"{flag} with {data}", f"{flag} with folder:PATH", "leave it out")
    dataset = source.load(place, Form(image_size, denoise, **reading), quiet)
    counts = counted_changes(sum(map(len, dataset.splits.values())), dataset.changes)
    if source.takes_place and not quiet:
        print(told(dataset.name, counts), file=sys.stderr)
    dataset = dataclasses.replace(dataset, counts=counts)
    if max_images is None:
        return dataset
    splits = {name: _at_most(split, max_images) for name, split in dataset.splits.items()}
    left, all_images = (sum(map(len, each.values())) for each in (splits, dataset.splits))
    cut = f"{left:,} of {all_images:,} images" if left < all_images else ""
    return dataclasses.replace(dataset, **splits, cut=cut)


def _at_most(split: ImageSplit, count: int) -> ImageSplit:
    """A stratified draw of `count` images, or all of them if there are no more."""
    if len(split) <= count:
        return split
    labels = np.zeros(len(split), np.int64) if split.labels is None else split.labels
    return split.take(stratified_draw(labels, count))
