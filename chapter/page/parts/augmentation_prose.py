"""The words of the augmentation part. What depends on a run is a function of what it measured."""

from evaluation.judges.few_labels import NONE

LOOK_ALT = "Rows of digits: an original at the left, then versions of it turned, bent and shifted."
LOOK = "Augmented: three training digits at the left, and what one recipe makes of each of them."
TRANSFORMS = (
    "This source of samples needs no model: change real ones so that their label still holds. "
    "Every row below is one transform at its default strength, the original at the left. What is "
    "drawn differs for each image and each epoch, and is a pure function of the seed, the epoch "
    "and the image's number in the data set. `python run.py augment list` prints all fields with "
    "their bounds; rows that need colour are tinted here."
)
GROUPS = {
    "geometry": (
        "Where the pixels are. A digit that is mirrored or turned upside down is another digit or "
        "none: which transforms keep the label depends on the data."
    ),
    "intensity and colour": "What values the pixels have. Shapes stay.",
    "noise, blur and quality": "What cameras, scanners and files do to pictures.",
    "erasing": "A rectangle is blanked, so that no single detail can be relied on.",
    "mixing": (
        "Two images become one; their labels share by the mixture, and for a pasted rectangle by "
        "the pixels that were really pasted."
    ),
    "policies": "One or more of fourteen operations, drawn for each image.",
}
RECIPES = (
    "A recipe is a TOML file that names transforms in order, with probabilities and choices. "
    "These come with the project; `--recipe FILE` takes your own, and an error names the field "
    "that is at fault."
)
RECIPE_ALT = "Rows of digits: an original at the left, then what a recipe made of it."
REPEATABLE = (
    "How many cores work must not change what is trained on. Here are {count} digits from the same "
    "recipe and seed, made in batches of different sizes and by different numbers of workers: the "
    "bytes are the same. So are the files that `python run.py augment apply` writes, and its "
    "manifest says for each file which image it came from, what was drawn, and the SHA-256."
)
APPLY = (
    "Augment the training images only: a copy of a test image in the training set makes every "
    "score too good. A folder with `train` and `test` inside keeps its test images as they are."
)


def recipe_caption(name: str, description: str) -> str:
    """What to look at in the rows of a recipe."""
    return f"`{name}`: {description}. The originals stand at the left."


def protocol(report: dict, labelled: int, updates: int) -> str:
    """How the two were compared."""
    seeds, candidates = len(report["seeds"]), report["candidates"]
    text = (
        f"A small convolutional network learns from {labelled} labelled digits, with and without "
        f"augmentation, in {updates:,} updates each"
    )
    if report["validation_images"]:
        text += (
            f"; learning rate, dropout and weight decay are the better of {candidates} candidates, "
            f"chosen on {report['validation_images']:,} validation images for each row alike, for "
            "a comparison against an untuned baseline proves nothing"
        )
    text += f". Accuracy is on {report['test_images']:,} test images that served nothing else"
    if seeds > 1:
        text += (
            f"; mean and {report['level']:.0%} interval over {seeds} seeds, each with labelled "
            "images, first weights and augmentation of its own. The gain is taken seed by seed"
        )
    return text + "."


def outcome(gains: dict[str, dict]) -> str:
    """What the figures say, and no more."""
    name, best = max(gains.items(), key=lambda each: each[1]["mean"])
    text = f"`{name}` changes the accuracy by {100 * best['mean']:+.1f} points"
    if best["low"] is None:
        return f"{text} with one seed, which says nothing about other seeds."
    if best["low"] > 0:
        return f"{text}; the interval lies above 0, so this is more than luck with the seeds."
    if best["high"] < 0:
        return f"{text}; the interval lies below 0: it does harm here."
    return f"{text}; the interval holds 0, so these seeds do not prove a gain."


def at_a_glance(report: dict, gains: dict[str, dict], labelled: int) -> str:
    """The figure that says most, in a sentence."""
    name = max(gains, key=lambda each: gains[each]["mean"])
    cells = report["classifiers"]["CNN"]
    with_it, without = cells[name]["accuracy"]["mean"], cells[NONE]["accuracy"]["mean"]
    text = (
        f"A network that learned from {labelled} labelled digits reads {without:.1%} of the test "
        f"digits right, and {with_it:.1%} if every digit is changed by `{name}` each time it is "
        "seen"
    )
    return text + ("; both were tuned alike." if report["validation_images"] else ".")
