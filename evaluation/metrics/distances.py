"""All squared distances between two sets, piece by piece, in bounded memory and at BLAS speed."""

from collections.abc import Iterator

import numpy as np

CHUNK_BYTES = 128 * 2**20  # of one piece of the distance matrix; twice that is in use at the peak


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
