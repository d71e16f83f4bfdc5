"""Train the feature network of each embedded image data set and write it beside this file.

    python -m evaluation.images.shipped.make

The recipe is that of evaluation/images/features.py; run this after raising RECIPE_VERSION there.
Each folder holds weights.npz and network.json, with the hash of the weights, of the data, and the
versions that trained them. About 65 s for MNIST on two CPU cores; another processor may give other
last bits, and so other weights.
"""

import shutil

from data.images.load import load_images
from evaluation.images.features import SHIPPED, FeatureNetwork

EMBEDDED = ("mnist",)


def main() -> None:
    """Remove what is shipped, train anew, print where it lies and what it can."""
    for old in SHIPPED.glob("*/network.json"):
        shutil.rmtree(old.parent)
    for name in EMBEDDED:
        network = FeatureNetwork.for_dataset(load_images(name), cache=SHIPPED)
        print(f"{name}: {network.directory}, {network.test_accuracy:.2%} of the test images right")


if __name__ == "__main__":
    main()
