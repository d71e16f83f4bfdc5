"""NDB and JS: are the regions of the real data hit as often by the samples? No network needed."""

import functools
from statistics import NormalDist

import numpy as np
from scipy.special import rel_entr

from data.images.dataset import ImageDataset
from evaluation.metrics.arrays import check_same_dimensions, feature_rows, image_rows
from evaluation.metrics.metric import AGAINST_TRAINING, ImageSet, Metric, RealSide, Words
from foundation.purposes import BINNED_IMAGES, BINNED_ROWS, rng

BINS = 100
FEWEST_PER_BIN = 10  # mean number of training images in a bin; fewer bins on smaller data
FITTED_ROWS = 20_000  # training rows that place the centres; all of them are counted
THRESHOLD = NormalDist().inv_cdf(1 - 0.05 / 2)  # of z: five of 100 bins differ by chance
PUBLISHED_THRESHOLD = 4.0  # Richardson and Weiss's program
BINNED_VALUES = 2**27  # pixels in float32: 512 MB


class DataBins:
    """Regions of the training data: the Voronoi cells of k-means centres.

    Args:
      training: rows of pixels in [0, 1], shape (count, d); test data must not be among them.
      bins: number of cells; lowered to count / 10 on small data.

    Attributes:
      centres: float32, shape (bins, d).
      counts: how many training rows lie in each cell, int64, shape (bins,).
    """

    def __init__(self, training: np.ndarray, bins: int = BINS):
        from sklearn.cluster import KMeans  # here: it takes a second to import
        from threadpoolctl import threadpool_limits

        training = feature_rows("training rows", training, FEWEST_PER_BIN, np.float32)
        bins = max(1, min(bins, len(training) // FEWEST_PER_BIN))
        chosen = rng(0, BINNED_ROWS).permutation(len(training))[:FITTED_ROWS]
        kmeans = KMeans(bins, n_init=1, max_iter=30, random_state=0)
        with threadpool_limits(1):  # more threads wait for each other on busy cores: 55 s, not 3
            self.centres = kmeans.fit(training[chosen]).cluster_centers_
        self.counts = self.count(training)

    def count(self, rows: np.ndarray) -> np.ndarray:
        """How many of the rows lie in each cell; int64, shape (bins,)."""
        rows = feature_rows("rows to bin", rows, 1, np.float32)
        check_same_dimensions(rows, self.centres)
        # argmin |x - c|^2 = argmin |c|^2 - 2 x.c: |x|^2 is the same for every centre
        scores = np.einsum("kd,kd->k", self.centres, self.centres) - 2 * rows @ self.centres.T
        return np.bincount(scores.argmin(axis=1), minlength=len(self.centres))


def different_bins(counts_a: np.ndarray, counts_b: np.ndarray, threshold: float = THRESHOLD) -> int:
    """NDB: number of bins whose shares differ significantly (two-proportion z-test).

        z = (p_a - p_b) / sqrt( p (1 - p) (1/n_a + 1/n_b) ),   p = pooled share

    Args:
      counts_a, counts_b: counts per bin, shape (bins,), each with at least one.
      threshold: of |z|; two samples of one distribution pass 1.96 in about 5 % of the bins.

    Reference: Richardson & Weiss 2018, On GANs and GMMs.
    """
    n_a, n_b = np.sum(counts_a), np.sum(counts_b)
    shares_a, shares_b = counts_a / n_a, counts_b / n_b
    pooled = (counts_a + counts_b) / (n_a + n_b)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    return int((np.abs(shares_a - shares_b) > threshold * error).sum())


def jensen_shannon(counts_a: np.ndarray, counts_b: np.ndarray) -> float:
    """Jensen-Shannon divergence of the bins' shares, in nats: 0 (equal) to ln 2 (disjoint).

        JS = KL(a | m) / 2 + KL(b | m) / 2,   m = (a + b) / 2

    The square of `scipy.spatial.distance.jensenshannon`, which is NaN where rounding leaves less
    than 0 to draw the root of.
    """
    shares_a, shares_b = (counts / np.sum(counts) for counts in (counts_a, counts_b))
    middle = (shares_a + shares_b) / 2
    return float((rel_entr(shares_a, middle).sum() + rel_entr(shares_b, middle).sum()) / 2)


def _of_images(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    count = min(len(candidate.images), len(real.held_out.images))  # NDB grows with it
    bins = _bins_of(real.dataset)
    training, found = bins.counts, bins.count(candidate.rows[:count])
    return {
        "different_bins": {"value": different_bins(training, found), "bins": len(training)},
        "different_bins_published": {"value": different_bins(training, found, PUBLISHED_THRESHOLD)},
        "jensen_shannon": {"value": jensen_shannon(training, found)},
    }


@functools.lru_cache(maxsize=1)  # for candidate after candidate
def _bins_of(dataset: ImageDataset) -> DataBins:
    """Bins of the training images; of as many as fit in 512 MB."""
    images = dataset.train.images
    held = BINNED_VALUES // images[0].size
    if len(images) > held:
        images = images[rng(0, BINNED_IMAGES).permutation(len(images))[:held]]
    return DataBins(image_rows("training images", images))


METRIC = Metric(
    place=7,
    compute=_of_images,
    stand_in="held_out",
    figures={
        "different_bins": Words(
            "Different bins (NDB)",
            f"NDB: two-proportion z-test at 0.05; {AGAINST_TRAINING}",
            "lower is better: regions drawn too often or too rarely",
        ),
        "different_bins_published": Words(
            "Different bins (NDB), z = 4",
            f"the same at the threshold of Richardson and Weiss's program; {AGAINST_TRAINING}",
            "lower is better, as above",
        ),
        "jensen_shannon": Words(
            "Jensen-Shannon divergence",
            f"nats; {AGAINST_TRAINING}",
            "lower is better: the same regions, as one number (0 to ln 2 = 0.69)",
        ),
    },
)
