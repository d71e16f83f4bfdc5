"""What augmentation is worth with 10, 100 or 1,000 labelled digits, every recipe tuned equally.

    python -m benchmarks.studies.few_labels --out FILE.json [--seeds 0 1 2] [--labelled 10 ...]
    [--choose]

A CNN on as many images of each class, drawn by each seed from MNIST's training images. For every
recipe, "none" included, the same three candidates are tried on the 10,000 validation images, once
for each number of images, and the best of them is trained for every seed and judged on the test
images (evaluation.judges.few_labels); with --choose on the validation images, to choose a recipe
by. Rows that FILE.json holds already are not computed again.
"""

import argparse
import dataclasses
import json
from pathlib import Path

from augmentation.recipes.read import load_recipe
from data.images.load import load_images
from evaluation.judges.few_labels import NONE, few_labels
from evaluation.statistics.intervals import Interval
from foundation.files import write_json

RECIPES = ("mnist_affine", "mnist_elastic", "mnist_affine_elastic", "medical_gentle")
CANDIDATES, UPDATES = 3, 1500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--labelled", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--choose", action="store_true")
    options = parser.parse_args()
    mnist = load_images("mnist")
    if options.choose:
        mnist = dataclasses.replace(mnist, test=mnist.validation)
    recipes = {name: load_recipe(name) for name in RECIPES}
    rows = json.loads(options.out.read_text()) if options.out.exists() else {}
    for labelled in options.labelled:
        if str(labelled) not in rows:
            report = few_labels(
                mnist, recipes, labelled, options.seeds, candidates=CANDIDATES, updates=UPDATES
            )
            rows[str(labelled)] = report
            write_json(options.out, rows)
    for labelled, report in rows.items():
        for name, cell in report["classifiers"]["CNN"].items():
            loss = "" if name == NONE else f", none - it {percent(cell['below_ceiling'])}"
            print(f"{labelled} images, {name}: {percent(cell['accuracy'])}{loss}, {cell['choice']}")


def percent(cell: dict) -> str:
    """An interval in percent."""
    low, high = (None if end is None else 100 * end for end in (cell["low"], cell["high"]))
    return str(Interval(100 * cell["mean"], low, high, cell["n"]))


if __name__ == "__main__":
    main()
