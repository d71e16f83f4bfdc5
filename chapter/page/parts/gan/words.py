"""The words of the GAN's part. What depends on the run is a function of what was measured."""

import math
from pathlib import Path

from training.run_directory import read_history

PUBLISHED_COUNT = 10_000  # samples of the published Parzen protocol

REAL_ALT = "A grid of handwritten digits from MNIST, white on black."
SYNTHETIC_ALT = "A grid of synthetic digits, white on black, one column for each class 0 to 9."
FIRST_REAL = "Real: the first training images of each class."
FIRST_SYNTHETIC = "Synthetic: the first samples of each class, not selected, from pure noise."

E1_MECHANISM = (
    "The printed discriminator ends in a sigmoid, and the printed loss applies another one: it "
    "expects logits and gets probabilities. So the loss never sees a judgement more certain than "
    "0.5 for `fake` and 0.73 for `real`, and the discriminator's loss cannot fall below "
    "ln 2 + ln(1 + 1/e) = 1.0064. Sooner or later its output sticks at 0 for every image; there "
    "the first sigmoid is flat, no gradient passes, and neither network learns any more. The "
    "losses then stand at exactly ln 2 and 2 ln 2, which looks like the balance that theory "
    "promises and is a standstill. This is erratum E1. `listing` keeps this defect, `corrected` "
    "hands the logits over; seed, data, number of epochs and all options are the same."
)
SAMPLES = {
    "listing": "`listing`: the first samples after training.",
    "corrected": "`corrected`: the first samples, from the same noise.",
    "conditional": "`conditional`: the first samples, one column a class, 0 to 9.",
}
LOSSES = {
    "listing": "Frozen exactly on both dotted levels means that nothing is learned any more.",
    "corrected": "Healthy: both losses wander near their level and neither runs away.",
    "conditional": (
        "The losses do not say when to stop: they only compare two opponents who both improve. "
        "The pictures and the figures below say it."
    ),
}
CONDITIONAL = (
    "The chapter mixes generated images into a training set, but its generator does not say which "
    "digit it drew, and an image without a label trains no classifier (erratum E9). In the "
    "variant `conditional` the label enters both networks: the generator is told what to draw, "
    "and the discriminator judges whether the image fits. So every synthetic image carries a "
    "label that was ordered, not guessed."
)
ANIMATION_ALT = "Animation: noise turns into digits, epoch by epoch."
ANIMATION = "The training: the same noise vectors and labels after each epoch."
VERDICTS = (
    "Healthy: D(x) stays above D(G(z)), and neither share of right answers stays at 1. "
    "A discriminator that is always right gives the generator nothing to learn from."
)
INTERPOLATION = (
    "The way from one noise vector to another, in equal steps on the sphere where such vectors "
    "lie. Where images change smoothly and stay digits on the way, the generator has learned a "
    "space of shapes; jumps, or a blend of two pictures, would point to learning by heart."
)
INTERPOLATION_ALT = "Ten rows of digits; in each, one handwriting turns gradually into another."
INTERPOLATION_CAPTION = (
    "One row a class: the noise vectors are the same in every row, the label differs. What stays "
    "the same down a column belongs to the noise, what changes belongs to the label."
)
METRICS_CAPTION = (
    "Quality. Column `real`: real images in the synthetic ones' place, the best one can expect. "
    "A dash: no answer, because without labels there is no class to confirm"
)
READ_TOGETHER = (
    "Read precision with recall, and density with coverage: samples that all look alike can all "
    "lie among the real images, and the first of each pair is then perfect, while most real "
    "images have no sample near them, and the second is close to 0."
)
PARZEN_WARNING = (
    "The Parzen log-likelihood stands here because the paper that the chapter cites for GANs "
    "reports it. Read it with care: Theis, van den Oord and Bethge (2016, A Note on the "
    "Evaluation of Generative Models) show that it says little about how samples look, and that "
    "centroids of k-means can beat real images."
)
MEMORISATION = (
    "Has the generator only learned its training images by heart? Each sample below stands to the "
    "left of the training image that is nearest to it, pixel by pixel. Equal pairs would mean "
    "copying."
)
NEAREST_ALT = "Pairs of digits: a synthetic one, and the most similar training image."
NEAREST = (
    "The first twenty samples of `conditional`, each with its nearest training image on its right."
)


def alt_of_samples(variant: str) -> str:
    """What a grid of samples is, for readers who cannot see it."""
    return f"A grid of images drawn by the variant {variant} of the generator."


def at_a_glance(reports: dict[str, dict]) -> str:
    """The two figures that say most, in a sentence each."""
    conditional, listing = reports["conditional"]["metrics"], reports["listing"]["metrics"]
    distance = conditional["frechet_distance"]
    if distance["value"] is None:  # too few images for it
        return f"No figures at this size: {distance['reason']}."
    text = (
        "The synthetic digits are samples of the GAN's conditional variant. Their Fréchet "
        f"distance to real test images is {distance['value']:.1f}; as many real training images "
        f"have {distance['real']:.1f}, the chapter's listing as printed has "
        f"{listing['frechet_distance']['value']:.1f} (lower is better)."
    )
    confirmed = conditional["class_confirmed"]
    if confirmed["value"] is not None:
        text += (
            f" A classifier trained on real digits reads {confirmed['value']:.1%} of them as the "
            f"digit that was ordered; of real digits it reads {confirmed['real']:.1%}."
        )
    return text


def e1_outcome(run: Path) -> str:
    """What the losses of `listing` did in this very run."""
    last = read_history(run / "history.csv")[-1]
    generator, discriminator = last["generator_loss"], last["discriminator_loss"]
    measured = (
        f"After epoch {last['epoch']} of `listing`, the generator's loss is {generator:.4f} "
        f"(ln 2 = {math.log(2):.4f}) and the discriminator's {discriminator:.4f} "
        f"(2 ln 2 = {2 * math.log(2):.4f}). "
    )
    frozen = abs(generator - math.log(2)) < 1e-3 and abs(discriminator - 2 * math.log(2)) < 2e-3
    if frozen:
        return measured + "Both are frozen: more epochs change nothing."
    return measured + "They are not frozen yet; a longer training shows it."


def protocol(report: dict) -> str:
    """What was compared with what."""
    count, accuracy = report["synthetic_count"], report["feature_network_test_accuracy"]
    text = (
        f"{count:,} samples of each variant, and {report['real_count']:,} real training images in "
        f"their place, against {report['held_out_count']:,} {report['split']} images. Fréchet "
        "distance, precision, recall, density and coverage are computed in the features of a "
        "small network that learned the classes from the real training images"
    )
    text += "." if accuracy is None else f" (it reads {accuracy:.2%} of the test images right)."
    if count < PUBLISHED_COUNT:
        text += (
            f" `gan evaluate` takes {PUBLISHED_COUNT:,}; with fewer, most figures are somewhat "
            "worse, those of real images too, and the Parzen figures cannot be compared with "
            "published ones."
        )
    return text
