"""Linear discriminant analysis as it reduces dimensions: real and synthetic samples in one plane.

The plane is fitted to real training samples only, as the one in which their classes lie farthest
apart; held-out real and synthetic samples are both new to it. What the picture shows is only what
tells the classes apart: samples that differ from real ones in anything else fall together.
"""

import dataclasses

import numpy as np
from matplotlib.figure import Figure
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.pipeline import Pipeline, make_pipeline
from threadpoolctl import threadpool_limits

from data.images.dataset import ImageSplit
from evaluation.metrics.arrays import image_rows
from foundation.errors import InputError
from foundation.purposes import PLANE_ROWS, rng

MOST_FITTED = 10_000  # training images that the plane is fitted to
MOST_DRAWN = 2_000  # points of each side: more hide each other
COMPONENTS = 100  # principal components that the analysis starts from
MOST_COLOURS = 10  # classes with a colour of their own


@dataclasses.dataclass(frozen=True, eq=False)
class Plane:
    """The two directions in which the classes of the real training images lie farthest apart.

    Args:
      pipeline: principal components, then the discriminant analysis.
    """

    pipeline: Pipeline

    @classmethod
    def fit(cls, training: ImageSplit) -> "Plane":
        """Fit to real training images with at least three classes (two span a line only).

        Raises: InputError without labels, or with fewer classes.
        """
        classes = 0 if training.labels is None else len(np.unique(training.labels))
        if classes < 3:
            raise InputError(
                f"training images of {classes} classes", "at least 3", "a plane needs three points"
            )
        split = training
        if len(training) > MOST_FITTED:
            generator = rng(0, PLANE_ROWS)
            draw = generator.choice(len(training), MOST_FITTED, replace=False)
            split = training.take(np.sort(draw))
        rows = image_rows("training images", split.images)
        # Constant pixels have no variance to be divided by, and 3,072 of them are slow: principal
        # components leave the former out and keep 91 % of MNIST's variance.
        components = min(COMPONENTS, *rows.shape)
        pipeline = make_pipeline(
            PCA(components, svd_solver="randomized", random_state=0),
            LinearDiscriminantAnalysis(n_components=2),
        )
        with threadpool_limits(1):  # more threads wait for each other on busy cores: 6 s, not 0.4
            return cls(pipeline.fit(rows, split.labels))

    def points(self, images: np.ndarray) -> np.ndarray:
        """Where the images lie; float64 (n, 2)."""
        return self.pipeline.transform(image_rows("images", images))

    def accuracy(self, split: ImageSplit) -> float:
        """Share whose label the whole analysis finds (all its directions, not only two)."""
        return float(self.pipeline.score(image_rows("images", split.images), split.labels))


def plane_figure(
    plane: Plane, real: ImageSplit, synthetic: ImageSplit, class_names: tuple[str, ...]
) -> Figure:
    """Held-out real images, synthetic images, and both clouds over each other.

    Args:
      plane: fitted to training images.
      real: held out, with labels.
      synthetic: with labels, or without: then they are grey.
      class_names: of the labels.
    """
    figure = Figure(figsize=(10.8, 3.9), layout="constrained")
    panels = figure.subplots(1, 3, sharex=True, sharey=True)
    sides = {
        f"real, held out ({min(len(real), MOST_DRAWN):,})": real,
        f"synthetic ({min(len(synthetic), MOST_DRAWN):,})": synthetic,
    }
    clouds = {}
    for axes, (title, split) in zip(panels, sides.items(), strict=False):
        drawn = split.take(_thinned(len(split)))
        clouds[title] = points = plane.points(drawn.images)
        colours = (
            {"c": "grey"}
            if drawn.labels is None
            else {"c": drawn.labels % MOST_COLOURS, "cmap": "tab10", "vmin": 0, "vmax": 9}
        )
        axes.scatter(*points.T, s=4, alpha=0.6, **colours)
        axes.set_title(title)
    for (title, points), colour, marker in zip(
        clouds.items(), ("black", "tab:red"), ("o", "x"), strict=True
    ):
        panels[2].scatter(*points.T, c=colour, marker=marker, s=4, alpha=0.35, label=title)
    panels[2].set_title("both")
    panels[2].legend(fontsize="small", markerscale=3)
    for label in range(min(len(class_names), MOST_COLOURS)):
        centre = plane.points(real.images[real.labels == label]).mean(axis=0)
        for axes in panels[:2]:
            name = class_names[label][:12]
            axes.text(*centre, name, ha="center", va="center", fontsize="small", parse_math=False)
    figure.supxlabel(
        "the two directions in which the classes of the real training images lie farthest apart "
        "(linear discriminant analysis)",
        fontsize="small",
    )
    return figure


def _thinned(count: int) -> np.ndarray:
    """At most MOST_DRAWN positions at equal distances."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST_DRAWN)).round().astype(int))
