"""`load_images`: every image data set that `--data` can name, in one form."""

import dataclasses

import numpy as np

from data.catalog import IMAGE_DATASETS
from data.images import downloads, mnist
from data.images.dataset import Change, ImageDataset, ImageSplit
from data.images.duplicates import remove_overlap
from data.images.folder import load_folder
from data.images.npz import load_npz
from data.images.resizing import transform_array
from data.splits import stratified_draw
from foundation.errors import InputError

__all__ = ["Change", "ImageDataset", "ImageSplit", "load_images"]

# loader of (training images, training labels, test images, test labels), how many of the last
# training images validate, class names
PUBLISHED = {
    "mnist": (mnist.load_mnist, 10_000, mnist.CLASS_NAMES),
    "fashion_mnist": (
        downloads.load_fashion_mnist,
        10_000,
        downloads.FASHION_MNIST_CLASS_NAMES,
    ),
    "cifar10": (downloads.load_cifar10, 5_000, downloads.CIFAR10_CLASS_NAMES),
}


def load_images(
    data: str,
    image_size: int | None = None,
    max_images: int | None = None,
    denoise: bool = False,
    quiet: bool = False,
) -> ImageDataset:
    """Load, clean and split an image data set; the same arguments give the same images.

    Args:
      data: mnist, fashion_mnist, cifar10, folder:PATH or npz:PATH.
      image_size: side in pixels to crop and resize every image to; None keeps the size.
      max_images: at most that many images in each split, drawn so that the classes keep their
        shares; the order stays. None: all.
      denoise: apply a 3 x 3 median filter to every image.
      quiet: no counter on the terminal while a folder is read.

    Returns: an ImageDataset whose `changes` lists every image dropped or changed.
    Raises: InputError if the name, the place or the content is at fault.
    """
    kind, _, path = data.partition(":")
    if data in PUBLISHED:
        dataset = _load_published(data, image_size, denoise)
    elif kind == "folder" and path:
        dataset = load_folder(path, image_size, denoise, quiet)
    elif kind == "npz" and path:
        dataset = load_npz(path, image_size, denoise)
    else:
        raise InputError(
            f"DATA {data!r}", f"one of {', '.join(IMAGE_DATASETS)}", "choose one of these"
        )
    if max_images is None:
        return dataset
    splits = {name: _at_most(split, max_images) for name, split in dataset.splits.items()}
    return dataclasses.replace(dataset, **splits)


def _load_published(name: str, image_size: int | None, denoise: bool) -> ImageDataset:
    """A data set with its published test set; the end of its training set validates."""
    load, validation_count, class_names = PUBLISHED[name]
    train_images, train_labels, test_images, test_labels = load()
    changes = []
    splits = {}
    boundary = len(train_images) - validation_count
    for split_name, images, labels in (
        ("train", train_images[:boundary], train_labels[:boundary]),
        ("validation", train_images[boundary:], train_labels[boundary:]),
        ("test", test_images, test_labels),
    ):
        images = images.reshape(*images.shape[:3], -1)  # grey: (count, height, width, 1)
        images, reasons = transform_array(images, image_size, denoise)
        splits[split_name] = ImageSplit(images, labels.reshape(-1).astype(np.int64))
        changes += [
            Change(f"{split_name}[{index}]", "changed", reason)
            for reason in reasons
            for index in range(len(images))
        ]
    train, validation, test, overlap = remove_overlap(**splits)
    return ImageDataset(name, train, validation, test, class_names, tuple(changes + overlap))


def _at_most(split: ImageSplit, count: int) -> ImageSplit:
    """A stratified draw of `count` images, or all of them if there are no more."""
    if len(split) <= count:
        return split
    labels = np.zeros(len(split), np.int64) if split.labels is None else split.labels
    return split.take(stratified_draw(labels, count))
