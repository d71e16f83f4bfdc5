"""`digits`: scikit-learn's small handwritten digits, on which a lesson's model trains in seconds.

1,797 images of 43 people, the test set of Alpaydin and Kaynak, "Optical Recognition of Handwritten
Digits" (UCI, 1998, CC BY 4.0). Its pixels count the ink of 4 x 4 points, so they lie in [0, 16].
"""

from typing import TYPE_CHECKING

from data.source import IMAGES, Source

if TYPE_CHECKING:
    from data.images.dataset import ImageDataset
    from data.images.resizing import Form


def load(place: str, form: "Form", quiet: bool) -> "ImageDataset":
    """8 x 8 grey images, 0 is background, 255 full ink; splits drawn 80/10/10, always the same."""
    import numpy as np
    from sklearn.datasets import load_digits

    from data.images.assembly import assemble

    digits = load_digits()
    images = np.rint(digits.images * (255 / 16)).astype(np.uint8)[..., np.newaxis]
    labels, names = digits.target.astype(np.int64), [f"images[{i}]" for i in range(len(images))]
    known = labels, names, [""] * len(images), tuple("0123456789"), []
    return assemble(SOURCE.name, images, *known, form)


SOURCE = Source(
    "digits",
    (IMAGES,),
    "1,797 handwritten digits, 8 x 8 grey, 10 classes (scikit-learn's: trains in seconds)",
    load,
)
