"""The three GANs that --variant names."""

from gan.conditional import ConditionalGan
from gan.config import GanSettings
from gan.listing import ListingGan
from gan.step import Gan

GANS = {"listing": ListingGan, "corrected": Gan, "conditional": ConditionalGan}


def build_gan(
    settings: GanSettings, image_shape: tuple[int, int, int], num_classes: int = 0
) -> Gan:
    """An untrained GAN of the variant that the settings name.

    Args:
      settings: see gan.config.
      image_shape: (height, width, channels).
      num_classes: number of classes, used by the variant `conditional`.
    """
    return GANS[settings.variant](settings, image_shape, num_classes)
