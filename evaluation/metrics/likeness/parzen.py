"""Parzen-window log-likelihood, on the protocol of the paper that the chapter cites for GANs."""

import math
from collections.abc import Sequence

import numpy as np

from evaluation.metrics.arrays import check_same_dimensions, feature_rows, image_rows
from evaluation.metrics.distances import squared_distance_chunks
from evaluation.metrics.metric import ImageSet, Metric, RealSide, Words

SIGMAS = np.logspace(-1, 0, 10)  # .1 .1292 .1668 .2154 .2783 .3594 .4642 .5995 .7743 1
SIGMA_POINTS = 1000


def log_likelihoods(samples: np.ndarray, points: np.ndarray, sigmas: Sequence[float]) -> np.ndarray:
    """Log density at each point under a Gaussian of width sigma around each sample.

        log p(x) = log( 1/m sum_j exp(-|x - s_j|^2 / (2 sigma^2)) ) - d log(sigma sqrt(2 pi))

    Args:
      samples: s_j, the centres, shape (m, d). For images: rows of pixels in [0, 1].
      points: x, where the density is asked, shape (n, d), on the same scale.
      sigmas: widths, greater than 0, on the scale of the pixels.

    Returns: natural logarithms (nats), float64, shape (len(sigmas), n), from one pass over the
      distances; within 1e-9 of a direct sum for pixels in [0, 1].
    Raises: InputError for empty or non-finite input, unequal dimensions.
    """
    samples = feature_rows("Parzen samples", samples, at_least=1)
    points = feature_rows("Parzen points", points, at_least=1)
    check_same_dimensions(samples, points)
    m, d = samples.shape
    result = np.empty((len(sigmas), len(points)))
    for piece, distances in squared_distance_chunks(points, samples):  # (chunk of n, m)
        nearest = distances.min(axis=1)
        distances -= nearest[:, None]  # the largest term becomes exp(0) = 1: no underflow to log 0
        for row, sigma in enumerate(sigmas):
            scale = -0.5 / sigma**2
            weights = np.multiply(distances, scale)
            np.exp(weights, out=weights)
            log_sum = np.log(weights.sum(axis=1)) + scale * nearest
            result[row, piece] = (
                log_sum - math.log(m) - d * math.log(sigma * math.sqrt(2 * math.pi))
            )
    return result


def parzen_score(samples: np.ndarray, validation: np.ndarray, test: np.ndarray) -> dict[str, float]:
    """Mean log-likelihood of real test images under a Parzen window around the samples.

    The protocol of Goodfellow et al. 2014: 10,000 samples, pixels in [0, 1] (at [-1, 1] a score is
    d ln 2 lower: 543.4 nats for MNIST), sigma from the grid of ten by the first 1,000
    validation images, then the mean over the whole test set. Their model has 225 +- 2.

    Theis et al. 2016 warn that this estimate is largely independent of how good samples look and
    should generally be avoided: k-means centroids beat real images. A score above that of as many
    real training images is a sign of blur, not of quality; print both.

    Args:
      samples, validation, test: rows of pixels in [0, 1], shapes (m, d), (v, d), (n, d).

    Returns: "value" (mean, in nats), "standard_error" (deviation / sqrt(n)), "sigma".
    Reference: Goodfellow et al. 2014, Generative Adversarial Nets, table 1, and the code of its
      authors (parzen_ll.py); Theis et al. 2016, A Note on the Evaluation of Generative Models.
    """
    means = log_likelihoods(samples, validation[:SIGMA_POINTS], SIGMAS).mean(axis=1)
    sigma = float(SIGMAS[means.argmax()])
    (values,) = log_likelihoods(samples, test, [sigma])
    error = float(values.std() / math.sqrt(len(values)))
    return {"value": float(values.mean()), "standard_error": error, "sigma": sigma}


def _of_images(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    validation = image_rows("validation images", real.dataset.validation.images)
    if real.split == "test":
        points = image_rows("test images", real.dataset.test.images)  # all, as published
    else:  # what chose sigma cannot also score it
        boundary = min(SIGMA_POINTS, len(validation) // 2)
        validation, points = validation[:boundary], validation[boundary:]
    return {"parzen_log_likelihood": parzen_score(candidate.rows, validation, points)}


METRIC = Metric(
    place=6,
    compute=_of_images,
    stand_in="training",  # the validation images choose the width
    figures={
        "parzen_log_likelihood": Words(
            "Parzen log-likelihood (nats)",
            "nats, pixels in [0, 1]; sigma from 10 by the first 1,000 validation images; mean over "
            "all held-out images that did not choose it (Goodfellow et al. 2014); real: as many "
            "training images",
            "higher is better, up to the real figure; a poor measure of quality (Theis et al. "
            "2016)",
        )
    },
)
