"""E8. Max and min exchanged, and a listing that trains another loss: see docs/errata.md."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from scipy.special import logit, xlog1py

from chapter.errata.exhibit import CURE, DEFECT, Exhibit, Measures, line_figure
from gan.losses import generator_loss

SHARE_OF_A = 0.7  # in the data
GENERATORS = np.linspace(0, 1, 101)  # q
TOLERANCE = 1e-9


def exhibit(seed: int) -> Exhibit:
    """E8: what each order of max and min says of the generator, and how each loss teaches it."""

    def measures(solution: tuple[float, np.ndarray], loss: Callable) -> Measures:
        value, generators = solution
        weak, strong = gradient_sizes(loss, np.array([0.01, 0.99])).tolist()
        return {
            "value of the game (-2 ln 2 = -1.3863)": value,
            "generators that solve it, of 101": len(generators),
            "share of A they draw (data: 0.7)": [float(generators.min()), float(generators.max())],
            "generator's gradient while D(G(z)) = 0.01": weak,
            "generator's gradient while D(G(z)) = 0.99": strong,
        }

    chances = np.linspace(0.005, 0.995, 100)
    formula, listing = (gradient_sizes(loss, chances) for loss in (saturating_loss, generator_loss))
    return Exhibit(
        measures(solve_max_min(), saturating_loss),
        measures(solve_min_max(), generator_loss),
        line_figure(
            {
                "log(1 - D(G(z))), the formula": (chances, formula, DEFECT),
                "-log D(G(z)), the listing and here": (chances, listing, CURE),
            },
            title="early in training D(G(z)) is near 0",
            xlabel="D(G(z)): how real the fake looks to D",
            ylabel="gradient on the logit",
        ),
    )


def objective(q: np.ndarray, d_a: np.ndarray, d_b: np.ndarray) -> np.ndarray:
    """V(D, G) = E_x[log D(x)] + E_z[log(1 - D(G(z)))] for two outcomes.

    Args:
      q: probability that the generator draws A, in [0, 1].
      d_a, d_b: what the discriminator says of A and of B, in (0, 1).
    """
    real = SHARE_OF_A * np.log(d_a) + (1 - SHARE_OF_A) * np.log(d_b)
    # xlog1py: an outcome that is never drawn adds nothing, also where D calls it surely real
    return real + xlog1py(q, -d_a) + xlog1py(1 - q, -d_b)


def solve_min_max() -> tuple[float, np.ndarray]:
    """min over G of max over D: the value, and all generators that reach it.

    The best discriminator against G is p / (p + q) (Goodfellow et al. 2014, proposition 1).
    """
    d_a = SHARE_OF_A / (SHARE_OF_A + GENERATORS)
    d_b = (1 - SHARE_OF_A) / (1 - SHARE_OF_A + 1 - GENERATORS)
    values = objective(GENERATORS, d_a, d_b)
    return float(values.min()), GENERATORS[values <= values.min() + TOLERANCE]


def solve_max_min() -> tuple[float, np.ndarray]:
    """max over D of min over G, on a grid of discriminators: the value, and all best generators."""
    grid = np.linspace(0.01, 0.99, 99)
    d_a, d_b = np.meshgrid(grid, grid, indexing="ij")
    # V is linear in q: against a given D the best q is 0 or 1, one outcome for every noise.
    answers = np.minimum(objective(0.0, d_a, d_b), objective(1.0, d_a, d_b))
    best = np.unravel_index(answers.argmax(), answers.shape)
    values = objective(GENERATORS, d_a[best], d_b[best])
    return float(answers.max()), GENERATORS[values <= values.min() + TOLERANCE]


def saturating_loss(fake_logits: tf.Tensor) -> tf.Tensor:
    """E[log(1 - D(G(z)))], what the generator minimises in the objective."""
    return -tf.reduce_mean(tf.nn.softplus(fake_logits))


def gradient_sizes(loss: Callable[[tf.Tensor], tf.Tensor], chances: np.ndarray) -> np.ndarray:
    """|d loss / d logit| of a lone fake, for each chance that D gives it to be real."""
    logits = tf.constant(logit(chances)[:, np.newaxis], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        total = len(chances) * loss(logits)  # the loss is a mean
    return np.abs(tape.gradient(total, logits).numpy()[:, 0])
