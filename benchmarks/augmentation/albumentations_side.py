"""albumentations, image by image, as it is meant to be called."""

import functools
import itertools
import os
from collections.abc import Iterator

import numpy as np

from benchmarks.augmentation.rows import AugmentationSide

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # otherwise the import asks the network
import albumentations
import cv2

OPERATIONS = {
    "flip": albumentations.HorizontalFlip,
    "rotation": functools.partial(albumentations.Rotate, limit=15),
    "translation": functools.partial(albumentations.Affine, translate_percent=(-0.1, 0.1)),
    "affine": functools.partial(
        albumentations.Affine,
        rotate=(-15, 15),
        scale=(0.9, 1.1),
        shear=(-10, 10),
        translate_percent=(-0.1, 0.1),
    ),
    "perspective": functools.partial(albumentations.Perspective, scale=(0.0, 0.1)),
    "elastic": functools.partial(albumentations.ElasticTransform, alpha=34, sigma=4),
    "random resized crop": functools.partial(albumentations.RandomResizedCrop, scale=(0.5, 1.0)),
    "brightness": functools.partial(
        albumentations.RandomBrightnessContrast, contrast_limit=0, brightness_by_max=False
    ),
    "contrast": functools.partial(albumentations.RandomBrightnessContrast, brightness_limit=0),
    "colour jitter": functools.partial(albumentations.ColorJitter, hue=(-0.05, 0.05)),
    "posterize": functools.partial(albumentations.Posterize, num_bits=4),
    "solarize": functools.partial(albumentations.Solarize, threshold_range=(0.5, 0.5)),
    "equalize": albumentations.Equalize,
    "autocontrast": albumentations.AutoContrast,
    "invert": albumentations.InvertImg,
    "Gaussian noise": functools.partial(albumentations.GaussNoise, std_range=(0.1, 0.1)),
    "Gaussian blur": functools.partial(
        albumentations.GaussianBlur, blur_limit=0, sigma_limit=(0.5, 1.5)
    ),
    "erasing": functools.partial(albumentations.Erasing, scale=(0.02, 0.33), fill=0),
    "JPEG": functools.partial(albumentations.ImageCompression, quality_range=(50, 95)),
}


class Albumentations(AugmentationSide):
    """See benchmarks.augmentation.rows."""

    rows = OPERATIONS.keys()

    @staticmethod
    def use_threads(threads: int) -> None:
        """OpenCV's own."""
        cv2.setNumThreads(threads)

    def facts(self) -> dict:
        version = f"albumentations {albumentations.__version__}, OpenCV {cv2.__version__}"
        how = "image by image, from array to array"
        threads = cv2.getNumThreads()
        return {"version": version, "threads": threads, "how": how, "rows": list(self.rows)}

    def batches(self, row: str, images: np.ndarray, batch_size: int) -> Iterator[np.ndarray]:
        options = {"size": images.shape[1:3]} if row == "random resized crop" else {}
        transform = OPERATIONS[row](p=0.5 if row == "flip" else 1, **options)
        transform.set_random_seed(0)
        for start in itertools.cycle(range(0, len(images), batch_size)):
            batch = images[start : start + batch_size]
            yield np.stack([transform(image=image)["image"] for image in batch])
