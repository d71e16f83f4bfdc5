"""A published data set keeps its test set; the end of its training set validates."""

import numpy as np

from data.images.dataset import Change, ImageDataset, ImageSplit
from data.images.duplicates import remove_overlap
from data.images.resizing import transform_array

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def published(
    name: str,
    arrays: Arrays,
    validation_count: int,
    class_names: tuple[str, ...],
    image_size: int | None,
    denoise: bool,
) -> ImageDataset:
    """The data set in its published splits.

    Args:
      name: of the data set.
      arrays: training images uint8 (count, height, width[, channels]) in [0, 255], training labels
        (count,) or (count, 1), test images, test labels.
      validation_count: how many of the last training images validate.
      class_names: name of each label.
      image_size, denoise: see `data.images.load.load_images`.
    """
    train_images, train_labels, test_images, test_labels = arrays
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
