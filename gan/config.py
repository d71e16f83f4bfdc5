"""What can be chosen about the chapter's GAN. Defaults are the chapter's values (5.2.1).

The variant `conditional` has better ones: the chapter gives no values for it.
"""

import dataclasses

from data.config import OfImages
from data.kinds import DATA_HELP, IMAGES, parse
from foundation.errors import InputError
from foundation.settings import setting
from training.config import FORMATS, SampleSettings, TrainSettings

VARIANTS = ("listing", "corrected", "conditional")

SMOKE = {"epochs": 2, "max_images": 512, "batch_size": 64}
# What is added to the chapter's design; docs/results.md shows what each option is worth.
IMPROVED = {
    "learning_rate": 1e-3,
    "dropout": 0.0,  # the penalty does its work without blurring what D sees
    "gradient_penalty": 0.2,
    "batch_deviation": True,  # without it the samples vary less than real images do
    "generator_average": 0.999,
}
LONG = {**IMPROVED, "epochs": 200, "decay_start": 150, "decay_end": 200}
PRESETS = {
    ("listing", "full"): {"epochs": 30},
    ("corrected", "full"): LONG,
    ("conditional", "smoke"): {**IMPROVED, **SMOKE},
    ("conditional", "quick"): IMPROVED,
    ("conditional", "full"): LONG,
}


@dataclasses.dataclass(frozen=True)
class GanSettings(TrainSettings, OfImages):
    """Train the chapter's GAN."""

    data: str = setting("mnist", DATA_HELP)
    variant: str = setting(
        "corrected",
        "listing: the chapter's code with its defects; corrected; conditional: with labels",
        choices=VARIANTS,
    )
    latent_dim: int = setting(100, "size of the noise vector z", minimum=1)
    learning_rate: float = setting(2e-4, "Adam's step size; conditional: 1e-3", minimum=0.0)
    beta_1: float = setting(
        0.5, "Adam's first decay; 0.9 makes the two networks oscillate", minimum=0.0, maximum=0.999
    )
    dropout: float = setting(
        0.3, "share of discriminator units dropped; conditional: 0", minimum=0.0, maximum=0.9
    )
    generator_average: float = setting(  # from which samples are drawn
        0.0, "decay of the averaged generator; conditional: 0.999", minimum=0.0, maximum=0.99999
    )
    gradient_penalty: float = setting(0.0, "gamma of the R1 penalty; conditional: 0.2", minimum=0.0)
    batch_deviation: bool = setting(False, "show D how much a batch varies; conditional: on")
    decay_start: int | None = setting(None, "epoch after which the rate falls linearly", minimum=0)
    decay_end: int | None = setting(None, "epoch after which it is a hundredth", minimum=1)

    def __post_init__(self):
        super().__post_init__()
        parse(self.data, IMAGES)  # here, before TensorFlow is imported
        start, end = self.decay_start, self.decay_end
        if (start is None) != (end is None) or (start is not None and end <= start):
            received = f"--decay-start {start} with --decay-end {end}"
            expected = "both, the end after the start, or neither"
            raise InputError(received, expected, "add the other one, or choose a later end")

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        variant = given.get("variant", "corrected")
        return PRESETS.get((variant, preset), SMOKE if preset == "smoke" else {})

    def learning_rate_at(self, epoch: int) -> float:
        """The learning rate of an epoch (counted from 0).

        It depends on the epoch alone, not on --epochs: so 2 epochs and 2 more are 4.
        """
        if self.decay_start is None or epoch < self.decay_start:
            return self.learning_rate
        done = (epoch - self.decay_start) / (self.decay_end - self.decay_start)
        return self.learning_rate * max(1.0 - done, 0.01)


@dataclasses.dataclass(frozen=True)
class GenerateSettings(SampleSettings):
    """Write images from a trained run."""

    count: int = setting(100, "number of images", minimum=1)
    format: str = setting("npz", "file format", choices=FORMATS)
    interpolate: bool = setting(
        False, "draw interpolation.png, the way from one noise vector to another, instead"
    )

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        return {"count": 10} if given.get("interpolate") else {}

    def __post_init__(self):
        super().__post_init__()
        if self.interpolate and not (2 <= self.count <= 500 and self.format == "npz"):
            received = f"--count {self.count} --format {self.format} with --interpolate"
            expected = "a strip of 2 to 500 images, interpolation.png"
            raise InputError(received, expected, "choose another --count, leave --format out")
