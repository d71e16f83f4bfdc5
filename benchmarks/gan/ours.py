"""The project's own training of the GAN, as gan/train.py drives it, ready to be timed.

Not timed on either side: what happens once an epoch after training (pictures, checkpoint).
"""

import numpy as np

from benchmarks.sides import TensorflowSide
from data.images.dataset import ImageDataset, ImageSplit
from gan.config import GanSettings
from gan.train import STEPS_A_CALL, GanLearner
from training.seeds import make_repeatable


class TensorflowGan(TensorflowSide):
    """The networks with their optimizers, and the training set in memory.

    Args:
      settings: of gan.config.GanSettings, without the variant `conditional`.
      arrays: "images": uint8 (count, height, width, channels), in [0, 255].
    """

    how = f"tf.function, {STEPS_A_CALL} steps a call, repeatable kernels"

    def __init__(self, settings: dict, arrays: dict[str, np.ndarray]):
        settings, split = GanSettings(**settings), ImageSplit(arrays["images"], None)
        make_repeatable(settings.seed)
        dataset = ImageDataset("benchmark", split, split, split, ())
        self.learner = GanLearner(settings, dataset, run=None)
        self.gan, self.epochs_done = self.learner.gan, 0

    def work(self) -> dict:
        """Every image once, in a new order; the means that training records."""
        learner, epoch = self.learner, self.epochs_done
        learner.averages.reset()
        learner.begin_epoch(epoch, 0)
        for first in range(0, learner.steps, STEPS_A_CALL):
            learner.train_steps(epoch, first, min(first + STEPS_A_CALL, learner.steps))
            measured = learner.averages.result()  # waits for the steps to be done
        self.epochs_done += 1
        losses = {name: measured[name] for name in ("generator_loss", "discriminator_loss")}
        return {"units": len(learner.images), "measured": losses}
