"""Images as rows of numbers; their principal components, and what is lost by keeping only them."""

import dataclasses
import math

import numpy as np

from foundation.errors import InputError

LARGEST = 4096  # rows or values a row: more would take hours


def to_rows(images: np.ndarray) -> np.ndarray:
    """uint8 images (count, height, width, channels) in [0, 255] to float32 rows in [0, 1]."""
    if images.dtype != np.uint8 or images.ndim != 4:
        raise ValueError(
            f"images are {images.dtype} {images.shape}; uint8 (count, height, width, channels) "
            "in [0, 255] is expected; scale and cast them first"
        )
    pixels = math.prod(images.shape[1:])
    return images.reshape(len(images), pixels).astype(np.float32) / np.float32(255)


def to_images(rows: np.ndarray, image_shape: tuple[int, int, int]) -> np.ndarray:
    """Rows (count, pixels) to uint8 images (count, *image_shape); what is outside [0, 1] is cut."""
    scaled = np.clip(np.rint(rows * 255.0), 0, 255)  # [0, 255]
    return scaled.astype(np.uint8).reshape(-1, *image_shape)


@dataclasses.dataclass(frozen=True, eq=False)
class Pca:
    """An orthonormal change of coordinates, fitted to rows, that keeps the first of them.

    mean: float64 (columns,).
    components: float64 (dims, columns), orthonormal rows, largest variance first.
    residual_variance: mean variance of a direction that is left out; 0 if none is.
    """

    mean: np.ndarray
    components: np.ndarray
    residual_variance: float

    @classmethod
    def fit(cls, rows: np.ndarray, dims: int) -> "Pca":
        """Fit to rows (count, columns) of any number type.

        Fewer than `dims` components are kept where the rows span fewer dimensions. The largest
        entry of each is positive.

        Raises: InputError for fewer than 1 row, or more than 4096 rows and columns.
        """
        from sklearn.decomposition import PCA  # here: a second, that who draws need not wait

        count, columns = rows.shape
        if count == 0 or min(count, columns) > LARGEST:
            expected = f"at least 1 row, and at most {LARGEST} rows or values a row"
            mend = "use smaller images (--image-size) or fewer (--max-images)"
            raise InputError(f"{count} rows of {columns} values", expected, mend)
        mean = rows.mean(axis=0, dtype=np.float64)
        if (rows == rows[0]).all():  # a single one, too
            return cls(mean, np.zeros((0, columns)), 0.0)
        centred = rows - mean  # float64
        total = float(np.vdot(centred, centred)) / count
        solver = "covariance_eigh" if columns <= count else "full"
        found = PCA(min(dims, count, columns), svd_solver=solver, copy=False).fit(centred)
        variances = found.explained_variance_ * (count - 1) / count
        kept = np.count_nonzero(variances > variances[0] * 1e-12)
        left_out = columns - kept
        residual = max(total - float(variances[:kept].sum()), 0.0) / left_out if left_out else 0.0
        return cls(mean, found.components_[:kept], residual)

    @property
    def dims(self) -> int:
        """How many coordinates are kept."""
        return len(self.components)

    def encode(self, rows: np.ndarray) -> np.ndarray:
        """z = W (x - mean): rows (count, columns) to codes float64 (count, dims)."""
        return (rows - self.mean) @ self.components.T

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """x = mean + W^T z: codes (count, dims) to float64 (count, columns)."""
        return codes @ self.components + self.mean

    def residual_log_likelihood(self, rows: np.ndarray, floor: float) -> np.ndarray:
        """ln N(what the codes leave out | 0, (residual variance + floor) I), in nats.

        An orthonormal change of coordinates keeps volumes. So ln p(codes) plus this is a density of
        whole rows, and figures for different numbers of components can be compared.

        Returns: float64 (count,); 0 where no direction is left out.
        Reference: Tipping and Bishop 1999, Probabilistic principal component analysis, equation 8.
        """
        left_out = self.mean.size - self.dims
        if left_out == 0:
            return np.zeros(len(rows))
        variance = self.residual_variance + floor
        centred = rows - self.mean
        codes = centred @ self.components.T
        squares = np.einsum("nd,nd->n", centred, centred) - np.einsum("nd,nd->n", codes, codes)
        squares = np.maximum(squares, 0.0)
        return -0.5 * (left_out * math.log(2 * math.pi * variance) + squares / variance)

    def arrays(self) -> dict[str, np.ndarray]:
        fields = dataclasses.fields(self)
        return {f"pca_{field.name}": np.asarray(getattr(self, field.name)) for field in fields}

    @classmethod
    def restore(cls, arrays: dict[str, np.ndarray]) -> "Pca":
        *both, residual = (arrays[f"pca_{field.name}"] for field in dataclasses.fields(cls))
        return cls(*both, float(residual))
