"""This project, as `augmentation.tf_data` offers it for arrays."""

from collections.abc import Iterator

import numpy as np

from augmentation.core.mixing import Partners
from augmentation.recipes.read import read_recipe
from augmentation.tf_data import augmented_arrays
from benchmarks.augmentation.side import CLASSES, AugmentationSide
from benchmarks.augmentation.tf_data import materialised
from benchmarks.tensorflow_side import TensorflowSide

JITTER = [0.8, 1.2]
STEPS: dict[str, list[dict]] = {
    "flip": [{"transform": "horizontal_flip"}],
    "rotation": [{"transform": "rotate", "degrees": [-15, 15]}],
    "translation": [{"transform": "translate", "x": [-0.1, 0.1], "y": [-0.1, 0.1]}],
    "affine": [
        {
            "transform": "affine",
            "degrees": [-15, 15],
            "scale": [0.9, 1.1],
            "shear": [-10, 10],
            "translate": [-0.1, 0.1],
        }
    ],
    "perspective": [{"transform": "perspective", "shift": [-0.1, 0.1]}],
    "elastic": [{"transform": "elastic", "alpha": [34, 34], "sigma": 4}],
    "random resized crop": [{"transform": "random_resized_crop", "area": [0.5, 1]}],
    "brightness": [{"transform": "brightness", "factor": JITTER}],
    "contrast": [{"transform": "contrast", "factor": JITTER}],
    "colour jitter": [
        {"transform": "brightness", "factor": JITTER},
        {"transform": "contrast", "factor": JITTER},
        {"transform": "saturation", "factor": JITTER},
        {"transform": "hue", "turns": [-0.05, 0.05]},
    ],
    "posterize": [{"transform": "posterize", "bits": [4, 4]}],
    "solarize": [{"transform": "solarize", "threshold": [128, 128]}],
    "equalize": [{"transform": "equalize"}],
    "autocontrast": [{"transform": "autocontrast"}],
    "invert": [{"transform": "invert"}],
    "Gaussian noise": [{"transform": "gaussian_noise", "sigma": [25, 25]}],
    "Gaussian blur": [{"transform": "gaussian_blur", "sigma": [0.5, 1.5]}],
    "erasing": [
        {"transform": "erase", "area": [0.02, 0.33], "fill": "constant", "probability": 1.0}
    ],
    "JPEG": [{"transform": "jpeg", "quality": [50, 95]}],
    "RandAugment": [{"transform": "rand_augment", "operations": 2}],
}
MIXINGS = {
    "mixup": {"transform": "mixup", "alpha": 0.2},
    "cutmix": {"transform": "cutmix", "alpha": 1.0},
}


class Project(TensorflowSide, AugmentationSide):
    """See benchmarks.augmentation.side."""

    how = "augmented_arrays in tf.data, XLA"

    def batches(self, row: str, images: np.ndarray, batch_size: int) -> Iterator[np.ndarray]:
        table = {"name": row, "steps": STEPS.get(row, [])}
        labels, partners = None, None
        if row in MIXINGS:
            table["mixing"] = MIXINGS[row]
            labels = np.arange(len(images)) % CLASSES
            partners = Partners(images, labels, CLASSES)
        dataset = augmented_arrays(
            images,
            labels,
            read_recipe(table),
            seed=0,
            batch_size=batch_size,
            parallel_calls=1,
            partners=partners,
            drop_remainder=True,
        )
        return materialised(dataset)
