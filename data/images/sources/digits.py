"""`digits`: scikit-learn's small handwritten digits, on which a lesson's model trains in seconds.

1,797 images of 43 people, the test set of Alpaydin and Kaynak, "Optical Recognition of Handwritten
Digits" (UCI, 1998, CC BY 4.0). Its pixels count the ink of 4 x 4 points, so they lie in [0, 16].
"""

from typing import TYPE_CHECKING

from data.source import IMAGES, Source

if TYPE_CHECKING:
    from data.images.dataset import ImageDataset


def load(place: str, image_size: int | None, denoise: bool, quiet: bool) -> "ImageDataset":
    """8 x 8 grey images, 0 is background, 255 full ink; splits drawn 80/10/10, always the same."""
    import numpy as np
    from sklearn.datasets import load_digits

    from data.images.assembly import assemble
    from data.images.dataset import Change
    from data.images.resizing import transform_array

    digits = load_digits()
    images = np.rint(digits.images * (255 / 16)).astype(np.uint8)[..., np.newaxis]
    images, reasons = transform_array(images, image_size, denoise)
    names = [f"images[{index}]" for index in range(len(images))]
    return assemble(
        name=SOURCE.name,
        images=images,
        labels=digits.target.astype(np.int64),
        paths=names,
        splits=[""] * len(images),
        class_names=tuple("0123456789"),
        changes=[Change(name, "changed", reason) for reason in reasons for name in names],
    )


SOURCE = Source(
    "digits",
    (IMAGES,),
    "1,797 handwritten digits, 8 x 8 grey, 10 classes (scikit-learn's: trains in seconds)",
    load,
)
