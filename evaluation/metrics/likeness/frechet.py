"""Frechet distance between two sets of features, each taken for a Gaussian."""

import numpy as np

from evaluation.metrics.arrays import check_same_dimensions, feature_rows
from evaluation.metrics.metric import HELD_OUT, ImageSet, Metric, RealSide, Words


def frechet_distance(features_a: np.ndarray, features_b: np.ndarray) -> float:
    """Squared Frechet (Wasserstein-2) distance of the Gaussians fitted to two sets.

        d^2 = |mu_a - mu_b|^2 + tr(C_a) + tr(C_b) - 2 tr((C_a C_b)^(1/2))

    C_a C_b is not symmetric, and a general matrix root of it turns complex when a
    covariance is near-singular (a dead ReLU unit is enough). With symmetric roots
    tr((C_a C_b)^(1/2)) = tr((C_a^(1/2) C_b C_a^(1/2))^(1/2)), which is the sum of the singular
    values of C_a^(1/2) C_b^(1/2): real and non-negative whatever the rank.

    The figure grows as samples get fewer: compare only figures from the same number of samples and
    the same feature network. These are not Inception features, so it is no published "FID".

    Args:
      features_a, features_b: shape (count, dimensions), at least 2 samples each.

    Returns: the distance, at least 0 (0: same mean and covariance). float64 throughout, covariances
      unbiased (divided by count - 1).
    Raises: InputError (a ValueError) for fewer than 2 samples, NaN or infinity, other dimensions.
    Reference: Dowson & Landau 1982; Heusel et al. 2017, GANs Trained by a Two Time-Scale Update
      Rule Converge to a Local Nash Equilibrium.
    """
    features_a = feature_rows("features_a", features_a, at_least=2)
    features_b = feature_rows("features_b", features_b, at_least=2)
    check_same_dimensions(features_a, features_b)
    shift = features_a.mean(axis=0) - features_b.mean(axis=0)
    covariance_a, covariance_b = _covariance(features_a), _covariance(features_b)
    cross = _symmetric_root(covariance_a) @ _symmetric_root(covariance_b)
    trace_of_root = np.linalg.svd(cross, compute_uv=False).sum()
    distance = shift @ shift + np.trace(covariance_a) + np.trace(covariance_b) - 2 * trace_of_root
    return float(max(distance, 0.0))  # equal sets land within rounding of 0, on either side


def _covariance(features: np.ndarray) -> np.ndarray:
    return np.atleast_2d(np.cov(features, rowvar=False))  # np.cov gives a scalar for one dimension


def _symmetric_root(covariance: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T


def _of_images(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    return {
        "frechet_distance": {"value": frechet_distance(candidate.features, real.held_out.features)}
    }


METRIC = Metric(
    place=1,
    compute=_of_images,
    stand_in="other",
    figures={
        "frechet_distance": Words(
            "Fréchet distance", HELD_OUT, "lower is better; at best about the real figure"
        )
    },
)
