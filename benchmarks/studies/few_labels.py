"""What augmentation is worth with 10, 100 or 1,000 labelled digits, every recipe tuned equally.

    python -m benchmarks.studies.few_labels [--seeds 0 1 2] [--choose]

A CNN on as many images of each class, drawn by each seed from MNIST's training images. For every
recipe, "none" included, the same three candidates are tried on the 10,000 validation images, once
for each number of images, with the first seed; the best of them is trained for every seed and
judged on the test images, with --choose on the validation images, to choose a recipe by. Claim C3
asks the same of one recipe.
"""

import argparse

from augmentation.recipes.read import load_recipe
from data.images.load import load_images
from data.synthetic.guard import HeldOut
from evaluation.judges.arms import Arm, ArmTrainer
from evaluation.judges.few_labels import labelled_images, recipe_augment
from evaluation.statistics.intervals import Interval, interval, paired

NONE = "none"
RECIPES = ("mnist_affine", "mnist_elastic", "mnist_affine_elastic", "medical_gentle")
LABELLED = (10, 100, 1_000)
CLASSIFIER, CANDIDATES, UPDATES = "CNN", 3, 1_500


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--choose", action="store_true")
    options = parser.parse_args()
    mnist = load_images("mnist")
    test = mnist.validation if options.choose else mnist.test
    held_out = HeldOut.of(mnist)
    trainer = ArmTrainer(held_out, mnist.num_classes, mnist.validation, CANDIDATES, UPDATES)
    recipes = {NONE: None, **{name: load_recipe(name) for name in RECIPES}}
    for labelled in LABELLED:
        without: list[float] = []
        for name, recipe in recipes.items():
            found, choice = [], None  # the hyperparameters that the first seed chooses
            for seed in options.seeds:
                few = labelled_images(mnist.train, labelled, mnist.num_classes, seed)
                augment = None if recipe is None else recipe_augment(recipe, seed)
                arm = Arm(few.images, few.labels, augment=augment)
                trainer.check(f"{labelled} images of seed {seed}", arm)
                classifier = trainer.train(arm, CLASSIFIER, seed, choice)
                choice = dict(classifier.choice)
                found.append(classifier.accuracy(test))
            without = without or found
            gain = "" if name == NONE else f", it - none {percent(paired(found, without))}"
            told = f"{labelled} images, {name}: {percent(interval(found))}"
            print(f"{told}{gain}, {choice}", flush=True)


def percent(found: Interval) -> str:
    """An interval in percent."""
    ends = (None if end is None else 100 * end for end in (found.mean, found.low, found.high))
    return str(Interval(*ends, found.n))


if __name__ == "__main__":
    main()
