"""Principal components: a few coordinates for each image, and what is lost by keeping only them."""

import dataclasses
import math

import numpy as np
import tensorflow as tf

from foundation.errors import InputError

ROWS = 2048  # turned into float64 at once
LARGEST = 4096  # side of the matrix whose eigenvectors are computed: a minute on two cores


@dataclasses.dataclass(frozen=True, eq=False)
class Pca:
    """An orthonormal change of coordinates, fitted to rows, that keeps the first of them.

    mean: float64 (columns,).
    components: float64 (dims, columns), orthonormal rows, largest variance first.
    variances: float64 (dims,), of the codes of the fitted rows (divisor: their number).
    residual_variance: mean variance of a direction that is left out; 0 if none is.
    """

    mean: np.ndarray
    components: np.ndarray
    variances: np.ndarray
    residual_variance: float

    @classmethod
    def fit(cls, rows: np.ndarray, dims: int) -> "Pca":
        """Fit to rows (count, columns) of any number type.

        Fewer than `dims` components are kept where the rows span fewer dimensions. The sign of a
        component is such that its largest entry is positive.

        Raises: InputError for fewer than 1 row, or more than 4096 rows and columns.
        """
        count, columns = rows.shape
        if count == 0 or min(count, columns) > LARGEST:
            raise InputError(
                f"{count} rows of {columns} values",
                f"at least 1 row, and at most {LARGEST} rows or values a row",
                "use smaller images (--image-size) or fewer (--max-images)",
            )
        mean = _sum_over_blocks(rows, lambda block: tf.reduce_sum(block, axis=0)) / count
        if columns <= count:
            # S = sum (x - mean) (x - mean)^T / n, shape (columns, columns)
            scatter = _sum_over_blocks(
                rows, lambda block: tf.matmul(block - mean, block - mean, transpose_a=True)
            )
            values, vectors = _eigen(scatter / count)
            components = vectors.T
        else:
            # The same non-zero eigenvalues, from the smaller X X^T / n: v = X^T u / |X^T u|.
            centred = tf.constant(rows, tf.float64) - mean
            values, vectors = _eigen(tf.matmul(centred, centred, transpose_b=True) / count)
            components = tf.matmul(vectors, centred, transpose_a=True).numpy()
        rank = int(np.count_nonzero(values > values[0] * 1e-12)) if values[0] > 0 else 0
        dims = min(dims, rank)
        components = components[:dims] / np.linalg.norm(components[:dims], axis=1, keepdims=True)
        largest = np.argmax(np.abs(components), axis=1)
        components = components * np.sign(components[np.arange(dims), largest])[:, None]
        left_out = columns - dims
        residual = float(values[dims:].clip(min=0.0).sum()) / left_out if left_out else 0.0
        return cls(np.asarray(mean), components, values[:dims], residual)

    @property
    def dims(self) -> int:
        """How many coordinates are kept."""
        return len(self.components)

    @property
    def kept_variance(self) -> float:
        """Share of the variance of the fitted rows that the codes keep; 1 if there is none."""
        lost = self.residual_variance * (self.mean.size - self.dims)
        total = self.variances.sum() + lost
        return float(self.variances.sum() / total) if total > 0 else 1.0

    def encode(self, rows: np.ndarray) -> np.ndarray:
        """z = W (x - mean): rows (count, columns) to codes float64 (count, dims)."""
        blocks = [self._encode(block)[0] for block in _blocks(rows)]
        return np.concatenate([np.zeros((0, self.dims)), *blocks])

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """x = mean + W^T z: codes (count, dims) to float64 (count, columns)."""
        return tf.matmul(codes, self.components).numpy() + self.mean

    def residual_log_likelihood(self, rows: np.ndarray, floor: float) -> np.ndarray:
        """ln N(what the codes leave out | 0, (residual variance + floor) I), in nats.

        An orthonormal change of coordinates keeps volumes. So ln p(codes) plus this is a density of
        whole rows, and figures for different numbers of components can be compared.

        Args:
          rows: (count, columns).
          floor: added to the variance, above 0 where rows are exactly in the plane.

        Returns: float64 (count,); 0 where no direction is left out.
        Reference: Tipping and Bishop 1999, Probabilistic principal component analysis, equation 8.
        """
        left_out = self.mean.size - self.dims
        if left_out == 0:
            return np.zeros(len(rows))
        variance = self.residual_variance + floor
        squares = np.concatenate(
            [np.zeros(0), *(self._encode(block)[1] for block in _blocks(rows))]
        )
        return -0.5 * (left_out * math.log(2 * math.pi * variance) + squares / variance)

    def _encode(self, block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The codes of a few rows, and the squared distance of each row from its projection."""
        centred = tf.constant(block, tf.float64) - self.mean
        codes = tf.matmul(centred, self.components, transpose_b=True)
        lost = tf.reduce_sum(centred**2, axis=1) - tf.reduce_sum(codes**2, axis=1)
        return codes.numpy(), tf.maximum(lost, 0.0).numpy()

    def arrays(self) -> dict[str, np.ndarray]:
        """What `restore` takes."""
        return {
            "pca_mean": self.mean,
            "pca_components": self.components,
            "pca_variances": self.variances,
            "pca_residual_variance": np.array(self.residual_variance),
        }

    @classmethod
    def restore(cls, arrays: dict[str, np.ndarray]) -> "Pca":
        """The components that `arrays` stored."""
        return cls(
            arrays["pca_mean"],
            arrays["pca_components"],
            arrays["pca_variances"],
            float(arrays["pca_residual_variance"]),
        )


def _blocks(rows: np.ndarray) -> list[np.ndarray]:
    return [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]


def _sum_over_blocks(rows: np.ndarray, function) -> tf.Tensor:
    """The sum of function(block as float64) over blocks of rows: no large copy is made."""
    return tf.add_n([function(tf.constant(block, tf.float64)) for block in _blocks(rows)])


def _eigen(matrix: tf.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues, largest first, and eigenvectors (in columns) of a symmetric matrix."""
    values, vectors = tf.linalg.eigh(matrix)
    return values.numpy()[::-1], vectors.numpy()[:, ::-1]
