"""E2. Noise of a fixed batch size against a smaller last batch: see docs/errata.md."""

import math

from chapter.errata.exhibit import Exhibit, Measures
from chapter.errata.gan.small_mnist import BATCH_SIZE, new_gan, record_epoch


def exhibit(seed: int) -> Exhibit:
    """E2: real images and fakes in each step of an epoch whose last batch is smaller."""

    def measures(variant: str) -> Measures:
        steps = record_epoch(new_gan(variant, seed), 4 * BATCH_SIZE + 24)
        losses = steps["generator loss"] + steps["loss of D"]
        return {
            "real images in each step": steps["real"],
            "fakes in each step": steps["fake"],
            "fakes for each real image in the last step": steps["fake"][-1] / steps["real"][-1],
            "losses finite (no crash)": all(map(math.isfinite, losses)),
        }

    return Exhibit(measures("listing"), measures("corrected"))
