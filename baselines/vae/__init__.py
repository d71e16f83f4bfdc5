"""The variational autoencoder (3.1, 4.1): model, step, train, what is drawn from it."""

from baselines import Baseline, Flag
from data.source import IMAGES

BASELINE = Baseline(
    "variational autoencoder, by gradients",
    data="mnist",
    generators={IMAGES: "baselines.vae.images:ImageVae"},
    learners={IMAGES: "baselines.vae.train:VaeLearner"},
    flags={
        "epochs": Flag(int, 20, "passes over the data, in total, also with --resume", minimum=1),
        "batch_size": Flag(int, 256, "images a step", minimum=1),
        "latent_dim": Flag(int, 16, "size of the code z", minimum=1),
        "units": Flag(int, 256, "width of the hidden layers", minimum=1),
        "prior_components": Flag(
            int, 100, "Gaussians in the prior of a class, at most 1 for 50 images", minimum=1
        ),
        "learning_rate": Flag(float, 1e-3, "Adam's step size", minimum=0.0),
    },
    presets={"smoke": {"epochs": 2, "max_images": 512, "batch_size": 64}, "full": {"epochs": 100}},
)
