"""What a trial asks of a set of samples: how like real ones are they, and who can tell?

All sets are compared with the same real test images, at the same size. The features are those of a
network that has learnt the training images, so the real images in the samples' place must not be
training images: to it they are more alike than any others.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np

from chapter.claims.experiment import Measures
from chapter.claims.parts.images import at_most, trial_images
from data.images.dataset import ImageDataset, ImageSplit
from data.synthetic.provenance import Samples
from evaluation.answers import answer
from evaluation.images.features import FeatureNetwork
from evaluation.judges.images import Classifier
from evaluation.metrics.arrays import drawn
from evaluation.metrics.likeness.detection import detection_auc
from evaluation.metrics.likeness.frechet import frechet_distance
from evaluation.metrics.likeness.precision_recall import precision_recall_density_coverage
from evaluation.metrics.metric import ImageSet
from foundation.purposes import EVIDENCE_IMAGES

SAMPLES, REAL_IMAGES, STAND_IN, TOLD_APART = range(4)  # what is drawn, each for itself
DISTANCES = ("precision", "recall", "density", "coverage")


@dataclasses.dataclass(frozen=True, eq=False)
class RealImages:
    """The real images that every set of samples is compared with.

    Args:
      images: a draw of the test images.
      stand_in: as many of the validation images: for the figure of real images.
      told_apart: images of each side that a classifier learns to tell apart, at most.
      seed: of the draws.
    """

    images: ImageSet
    stand_in: ImageSplit
    told_apart: int
    seed: int

    @classmethod
    def of(
        cls,
        dataset: ImageDataset,
        network: FeatureNetwork,
        compared: int,
        told_apart: int,
        seed: int,
    ) -> "RealImages":
        """Draw the sides.

        Args:
          dataset: `test` and `validation` of at least `compared` images.
          network: trained on the training images of the data set.
          compared: images on each side.
        """
        key, spare = (compared, seed, EVIDENCE_IMAGES), dataset.validation
        real = dataset.test.take(drawn(len(dataset.test), *key, REAL_IMAGES))
        stand_in = spare.take(drawn(len(spare), *key, STAND_IN))
        return cls(ImageSet.of(real, network), stand_in, told_apart, seed)

    def drawn(self, samples: ImageSplit) -> ImageSet:
        """As many of the samples as there are real images; all of them if there are no more."""
        count, key = len(self.images.images), (self.seed, EVIDENCE_IMAGES, SAMPLES)
        chosen = drawn(len(samples), count, *key)
        return ImageSet.of(samples.take(chosen), self.images.network)

    def frechet(self, samples: ImageSplit) -> float:
        """Distance of the two Gaussians that fit the features of samples and real images."""
        return frechet_distance(self.drawn(samples).features, self.images.features)

    def measures(self, sets: Mapping[str, ImageSplit | None], confirm: Classifier) -> Measures:
        """Everything that samples are asked for.

        Args:
          sets: name -> synthetic images with labels, or `stand_in`; None: there are none.
          confirm: a classifier that has been trained on real images.

        Returns: name -> measure -> value, no measure where there are no samples: "frechet",
          "precision", "recall", "density", "coverage"; "detection_auc", of a classifier that tells
          the samples' features from those of real images, asked about others than it has learnt
          (0.5: it cannot); "label_confirmed", the share whose label `confirm` finds. None where
          there are too few images.
        """
        return {
            name: {} if split is None else self._measures(split, confirm)
            for name, split in sets.items()
        }

    def _measures(self, samples: ImageSplit, confirm: Classifier) -> dict[str, float | None]:
        chosen, real = self.drawn(samples), self.images.features
        made = chosen.features
        some = [self._some(features) for features in (made, real)]
        found = answer(lambda: precision_recall_density_coverage(real, made))
        right = confirm.predict(chosen.images) == chosen.labels
        return {
            "frechet": answer(lambda: {"value": frechet_distance(made, real)})["value"],
            **{name: found.get(name) for name in DISTANCES},
            "detection_auc": answer(lambda: detection_auc(*some, self.seed))["value"],
            "label_confirmed": float(right.mean()),
        }

    def _some(self, features: np.ndarray) -> np.ndarray:
        key = self.told_apart, self.seed, EVIDENCE_IMAGES, TOLD_APART
        return features[drawn(len(features), *key)]


def split_of(source: Samples) -> ImageSplit:
    """The samples and their labels."""
    return ImageSplit(source.samples, source.labels)


def feature_network(sizes: Mapping) -> FeatureNetwork:
    """The network of MNIST's training images, the same for all seeds.

    Args:
      sizes: "feature_images": of how many training images (None: all); "feature_epochs": passes
        over them (None: as FeatureNetwork has it).
    """
    dataset = trial_images(None, None).dataset
    train = at_most(dataset.train, sizes["feature_images"])
    return FeatureNetwork.for_dataset(
        dataclasses.replace(dataset, train=train), sizes["feature_epochs"]
    )
