"""E2. Noise of a fixed batch size against a smaller last batch

- **Place:** 5.2.1, the noise that a step draws.
- **Wrong:** A step draws noise for a full batch, however many real images it was given. The last
  batch of an epoch is smaller whenever the number of images is no multiple of the batch size.
- **Shows:** No crash: both halves of the loss are means. But that step weighs one real image as
  much as several fakes. With the 50,000 training images and batches of 256, the last step holds
  80 real images and 256 fakes. `python run.py errata --only E2`: of 280 images in batches of 64
  the last step gets 24 real ones and 64 fakes, 2.67 for each; here 24 and 24.
- **Here:** `gan/step.py:Gan.train_steps` takes as many rows of noise as there are images in the
  batch; `gan/listing.py:ListingGan.train_steps` does not.
- **Test:** `tests/chapter/errata/gan/test_exhibits.py::test_e2_smaller_last_batch`
"""

import math

import numpy as np
from matplotlib.figure import Figure

from chapter.errata.exhibit import CURE, DEFECT, Exhibit, Measures
from chapter.errata.gan.small_mnist import BATCH_SIZE, new_gan, record_epoch


def exhibit(seed: int) -> Exhibit:
    """E2: real images and fakes in each step of an epoch whose last batch is smaller."""
    count = 4 * BATCH_SIZE + 24
    recorded = {v: record_epoch(new_gan(v, seed), count) for v in ("listing", "corrected")}

    def measures(variant: str) -> Measures:
        steps = recorded[variant]
        losses = steps["generator loss"] + steps["loss of D"]
        return {
            "real images in each step": steps["real"],
            "fakes in each step": steps["fake"],
            "fakes for each real image in the last step": steps["fake"][-1] / steps["real"][-1],
            "losses finite (no crash)": all(map(math.isfinite, losses)),
        }

    return Exhibit(measures("listing"), measures("corrected"), batch_bars(recorded))


def batch_bars(recorded: dict[str, dict[str, list[float]]]) -> Figure:
    """E2: real images and fakes in each step.

    Args:
      recorded: variant -> {"real": one count a step, "fake": the same}.
    """
    figure = Figure(figsize=(7, 2.8), layout="constrained")
    all_axes = figure.subplots(1, len(recorded), sharey=True)
    for axes, (variant, counts) in zip(all_axes, recorded.items(), strict=True):
        steps = np.arange(1, len(counts["real"]) + 1)
        axes.bar(steps - 0.2, counts["real"], 0.4, color="grey", label="real")
        color = DEFECT if variant == "listing" else CURE
        axes.bar(steps + 0.2, counts["fake"], 0.4, color=color, label="fake")
        axes.set(title=variant, xlabel="step of the epoch")
        axes.legend(fontsize="small", loc="lower left")
    all_axes[0].set_ylabel("images")
    return figure
