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
