"""Distances between two sets of samples, piece by piece, in bounded memory and at BLAS speed."""

from collections.abc import Iterator

import numpy as np

from evaluation.metrics.arrays import check_same_dimensions, image_rows

CHUNK_BYTES = 128 * 2**20  # of one piece of the distance matrix; twice that is in use at the peak
BLOCK_VALUES = 2**26  # values of the others held as float32 at a time (256 MB)


def squared_distance_chunks(
    rows_a: np.ndarray, rows_b: np.ndarray
) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield (slice of rows_a, squared Euclidean distances of that slice to all of rows_b).

    |a - b|^2 = |a|^2 + |b|^2 - 2 a.b turns the work into one matrix product. Its price is
    cancellation: the error is about eps * (|a|^2 + |b|^2). Both sides are therefore moved by the
    mean of rows_b first (distances do not change, the norms shrink), and what lies below
    that error is returned as 0, so that equal rows have the distance 0 exactly.

    Args:
      rows_a, rows_b: float arrays of one dtype, shapes (n, d) and (m, d). The distances have this
        dtype: float64 for features, float32 where a million times the work meets many pixels.

    Yields: slices that cover 0..n in order; arrays of shape (length of the slice, m), which the
      caller may overwrite.
    """
    mean = rows_b.mean(axis=0, dtype=np.float64).astype(rows_b.dtype)
    rows_b = rows_b - mean
    norms_b = np.einsum("md,md->m", rows_b, rows_b)
    chunk = max(1, CHUNK_BYTES // (len(rows_b) * rows_b.itemsize))
    for start in range(0, len(rows_a), chunk):
        piece = slice(start, min(start + chunk, len(rows_a)))
        part = rows_a[piece] - mean
        norms_a = np.einsum("nd,nd->n", part, part)
        part *= -2  # here rather than on the product, which is far larger
        distances = part @ rows_b.T  # (chunk, m)
        distances += norms_a[:, None]
        distances += norms_b
        rounding = 8 * np.finfo(rows_b.dtype).eps * (norms_a.max() + norms_b.max())
        distances[distances < rounding] = 0
        yield piece, distances


def nearest_rows(
    samples: np.ndarray, others: np.ndarray, left_out: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest of the others for each sample, and how far it is.

    The search runs in float32, the distance of the row it finds is then computed directly, so that
    a copy has the distance 0. Of others equally near within about 1e-4 any may win. (scikit-learn's
    `pairwise_distances_argmin_min` takes 1.7 times as long and finds copies 7e-7 away.)

    Args:
      samples, others: of one kind: rows (n, d) and (m, d) such as features or encoded tables, or
        uint8 images (n, height, width, channels) and (m, ...), compared as pixels in [0, 1].
      left_out: int (n,), for each sample the index of one of the others that does not count.

    Returns: indices, int64 (n,); Euclidean distances, float64 (n,), infinite if there are none.
    Raises: InputError for unequal dimensions, or images that are not uint8.
    """
    samples = _as_rows("samples", samples)
    indices, nearest = np.zeros(len(samples), np.int64), np.full(len(samples), np.inf)
    block = max(1, BLOCK_VALUES // samples.shape[1])
    for start in range(0, len(others), block):
        rows = _as_rows("samples to compare with", others[start : start + block])
        check_same_dimensions(samples, rows)
        found = np.empty(len(samples), np.int64)
        for piece, squared in squared_distance_chunks(samples, rows):  # (chunk of n, block)
            if left_out is not None:
                own = left_out[piece] - start
                held = np.flatnonzero((own >= 0) & (own < len(rows)))
                squared[held, own[held]] = np.inf
            found[piece] = squared.argmin(axis=1)
        differences = samples.astype(np.float64) - rows[found]
        distances = np.sqrt(np.einsum("nd,nd->n", differences, differences))
        if left_out is not None:
            distances[start + found == left_out] = np.inf  # it was alone in its block
        better = distances < nearest
        indices[better], nearest[better] = start + found[better], distances[better]
    return indices, nearest


def _as_rows(name: str, samples: np.ndarray) -> np.ndarray:
    """float32, shape (count, dimensions)."""
    samples = np.asarray(samples)
    return image_rows(name, samples) if samples.ndim == 4 else samples.astype(np.float32)
