"""The chapter's GAN in eager PyTorch, written as a good PyTorch user would write it.

The same game as gan/step.py, variant `corrected`: layers, initial values, losses, both gradients
from one forward pass and the same weights, Adam. A test gives both the same weights and batches and
finds the same losses and the same updated weights. Two differences remain, neither costs time:
Adam's epsilon (Keras adds it before the bias correction, PyTorch after it), and BatchNorm's running
variance (PyTorch's is the unbiased one), which training does not use.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from benchmarks.sides import PytorchSide
from gan.config import GanSettings

LEAKY_SLOPE, BATCH_NORM_EPSILON, ADAM_EPSILON = 0.3, 1e-3, 1e-7  # Keras's defaults
BATCH_NORM_MOMENTUM = 0.01  # PyTorch's is the share of the new value: 1 - Keras's 0.99


def build_generator(latent_dim: int, pixels: int) -> nn.Sequential:
    """Noise (batch, latent_dim) to flat images (batch, pixels) in [-1, 1]."""
    layers = []
    for width, units in ((latent_dim, 256), (256, 512)):
        norm = nn.BatchNorm1d(units, BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM)
        layers += [nn.Linear(width, units), norm, nn.LeakyReLU(LEAKY_SLOPE, inplace=True)]
    return nn.Sequential(*layers, nn.Linear(512, pixels), nn.Tanh()).apply(initialise)


def build_discriminator(pixels: int, dropout: float) -> nn.Sequential:
    """Flat images (batch, pixels) in [-1, 1] to logits (batch, 1)."""
    layers = []
    for width, units in ((pixels, 512), (512, 256)):
        leaky = nn.LeakyReLU(LEAKY_SLOPE, inplace=True)
        layers += [nn.Linear(width, units), leaky, nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(256, 1)).apply(initialise)


def initialise(module: nn.Module) -> None:
    """Keras's initial values of a Dense layer: Glorot uniform, and zeros."""
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)


class PytorchGan(PytorchSide):
    """Both networks with their optimizers, and the training set in memory.

    Args:
      settings: of gan.config.GanSettings; the variant must be `corrected`, without its options.
      arrays: "images": uint8 (count, height, width, channels), in [0, 255].
    """

    how = "eager, Adam(fused=True)"

    def __init__(self, settings: dict, arrays: dict[str, np.ndarray]):
        self.settings = settings = GanSettings(**settings)
        torch.manual_seed(settings.seed)
        images = arrays["images"]
        self.images = torch.from_numpy(images.reshape(len(images), -1))  # uint8 (count, pixels)
        pixels = self.images.shape[1]
        self.generator = build_generator(settings.latent_dim, pixels)
        self.discriminator = build_discriminator(pixels, settings.dropout)
        self.generator_weights = list(self.generator.parameters())
        self.discriminator_weights = list(self.discriminator.parameters())
        self.generator_optimizer = self._adam(self.generator_weights)
        self.discriminator_optimizer = self._adam(self.discriminator_weights)

    def _adam(self, weights: list[nn.Parameter]) -> torch.optim.Adam:
        return torch.optim.Adam(
            weights,
            self.settings.learning_rate,
            betas=(self.settings.beta_1, 0.999),
            eps=ADAM_EPSILON,
            fused=True,  # one pass over each weight: the fastest of the three, also on the CPU
        )

    def work(self) -> dict:
        """Every image once, in a new order; the mean losses."""
        count, batch = len(self.images), self.settings.batch_size
        order = torch.randperm(count)
        noise = torch.randn(count, self.settings.latent_dim)
        sums = torch.zeros(2)
        for start in range(0, count, batch):
            chosen = order[start : start + batch]  # the last batch of an epoch may be smaller
            real = self.images.index_select(0, chosen).float().div_(127.5).sub_(1.0)  # [-1, 1]
            losses = self.train_step(real, noise[start : start + batch])
            sums += len(chosen) * torch.stack(losses)
        generator_loss, discriminator_loss = (sums / count).tolist()
        measured = {"generator_loss": generator_loss, "discriminator_loss": discriminator_loss}
        return {"units": count, "measured": measured}

    def train_step(
        self, images: torch.Tensor, noise: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """One simultaneous step; the generator's and the discriminator's loss.

        Args:
          images: real, float32 (batch, pixels) in [-1, 1].
          noise: float32 (batch, latent_dim).
        """
        fakes = self.generator(noise)
        real_logits, fake_logits = self.discriminator(images), self.discriminator(fakes)
        loss_g = F.softplus(-fake_logits).mean()
        loss_d = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
        # autograd.grad computes what is asked for and no more: no discriminator gradient of loss_g
        # is thrown away, and loss_d does not reach into the generator.
        gradients_g = torch.autograd.grad(loss_g, self.generator_weights, retain_graph=True)
        gradients_d = torch.autograd.grad(loss_d, self.discriminator_weights)
        apply(self.generator_optimizer, self.generator_weights, gradients_g)
        apply(self.discriminator_optimizer, self.discriminator_weights, gradients_d)
        return loss_g.detach(), loss_d.detach()


def apply(optimizer: torch.optim.Optimizer, weights: list, gradients: tuple) -> None:
    """One step of the optimizer with these gradients."""
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.grad = gradient
    optimizer.step()
