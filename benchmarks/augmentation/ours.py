"""This project, as `augmentation.tf_data` offers it for arrays."""

from collections.abc import Iterator

import numpy as np

from augmentation.core.mixing import Partners
from augmentation.recipes.read import read_recipe
from augmentation.tf_data import augmented_arrays
from benchmarks.augmentation.rows import CLASSES, AugmentationSide
from benchmarks.sides import TensorflowSide, materialised

JITTER = {"factor": [0.8, 1.2]}
AFFINE = {"degrees": [-15, 15], "scale": [0.9, 1.1], "shear": [-10, 10], "translate": [-0.1, 0.1]}
STEPS = {  # row -> name and fields of each step
    "flip": [("horizontal_flip", {})],
    "rotation": [("rotate", {"degrees": [-15, 15]})],
    "translation": [("translate", {"x": [-0.1, 0.1], "y": [-0.1, 0.1]})],
    "affine": [("affine", AFFINE)],
    "perspective": [("perspective", {"shift": [-0.1, 0.1]})],
    "elastic": [("elastic", {"alpha": [34, 34], "sigma": 4})],
    "random resized crop": [("random_resized_crop", {"area": [0.5, 1]})],
    "brightness": [("brightness", JITTER)],
    "contrast": [("contrast", JITTER)],
    "colour jitter": [
        *((name, JITTER) for name in ("brightness", "contrast", "saturation")),
        ("hue", {"turns": [-0.05, 0.05]}),
    ],
    "posterize": [("posterize", {"bits": [4, 4]})],
    "solarize": [("solarize", {"threshold": [128, 128]})],
    "equalize": [("equalize", {})],
    "autocontrast": [("autocontrast", {})],
    "invert": [("invert", {})],
    "Gaussian noise": [("gaussian_noise", {"sigma": [25, 25]})],
    "Gaussian blur": [("gaussian_blur", {"sigma": [0.5, 1.5]})],
    "erasing": [("erase", {"area": [0.02, 0.33], "fill": "constant", "probability": 1.0})],
    "JPEG": [("jpeg", {"quality": [50, 95]})],
    "RandAugment": [("rand_augment", {"operations": 2})],
}
MIXINGS = {
    "mixup": {"transform": "mixup", "alpha": 0.2},
    "cutmix": {"transform": "cutmix", "alpha": 1.0},
}


class Project(AugmentationSide, TensorflowSide):
    """See benchmarks.augmentation.rows."""

    how = "augmented_arrays in tf.data, XLA"
    rows = STEPS.keys() | MIXINGS.keys()

    def batches(self, row: str, images: np.ndarray, batch_size: int) -> Iterator[np.ndarray]:
        steps = [{"transform": name, **fields} for name, fields in STEPS.get(row, [])]
        table = {"name": row, "steps": steps}
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
