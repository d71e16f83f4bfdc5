"""Fitted mixtures, one for each class: drawn from, measured by, stored."""

import numpy as np

from baselines.gmm.em import Mixture, log_density
from baselines.parts.draws import CHUNK, choose
from foundation.purposes import MIXTURE_DRAW, rng


class ClassMixtures:
    """Gaussian mixtures of one dimension: of each class, or a single one."""

    def __init__(self, mixtures: list[Mixture]):
        self.mixtures = mixtures
        self.cumulative = [np.cumsum(mixture.p) for mixture in mixtures]
        self.first = np.cumsum([0, *(len(mixture.p) for mixture in mixtures[:-1])])
        self.mu = np.concatenate([mixture.mu for mixture in mixtures])
        self.factors = np.linalg.cholesky(np.concatenate([mixture.sigma for mixture in mixtures]))

    def draw(self, seed: int, chunk: int, labels: np.ndarray | None) -> np.ndarray:
        """x = mu_k + L_k z for a chunk, with k drawn by p: float64 (CHUNK, d).

        `labels` (CHUNK,) say which mixture each row is of; None: of the only one.
        """
        random = rng(seed, MIXTURE_DRAW, chunk)
        uniform, z = random.random(CHUNK), random.standard_normal((CHUNK, self.mu.shape[1]))
        labels = np.zeros(CHUNK, np.int64) if labels is None else labels
        k = np.empty(CHUNK, np.int64)
        for label, cumulative in enumerate(self.cumulative):
            mine = labels == label
            k[mine] = self.first[label] + choose(cumulative[None], uniform[mine])
        return self.mu[k] + np.einsum("nij,nj->ni", self.factors[k], z)

    def log_density(self, rows: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
        """ln p(row | label) in nats, float64 (n,); None: of the only mixture."""
        if labels is None:
            return log_density(rows, self.mixtures[0])
        found = np.empty(len(rows))
        for label, mixture in enumerate(self.mixtures):
            found[labels == label] = log_density(rows[labels == label], mixture)
        return found

    @property
    def components(self) -> list[int]:
        """How many Gaussians each mixture has."""
        return [len(mixture.p) for mixture in self.mixtures]

    def arrays(self) -> dict[str, np.ndarray]:
        """The parameters of all mixtures, one after the other."""
        return {
            name: np.concatenate([getattr(mixture, name) for mixture in self.mixtures])
            for name in Mixture._fields
        }

    @classmethod
    def restore(cls, components: list[int], arrays: dict[str, np.ndarray]) -> "ClassMixtures":
        """What `arrays` laid out. Raises: ValueError if the numbers do not fit the arrays."""
        if sum(components) != len(arrays["p"]):
            raise ValueError(f"{len(arrays['p'])} components where {sum(components)} are named")
        borders = np.cumsum(components)[:-1]
        parts = (np.split(arrays[name], borders) for name in Mixture._fields)
        return cls([Mixture(*parameters) for parameters in zip(*parts, strict=True)])
