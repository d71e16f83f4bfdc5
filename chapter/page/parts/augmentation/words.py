"""The words of the augmentation part. What depends on a run is a function of what it measured."""

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


def at_a_glance(gain: dict, claim: str) -> str:
    """The figure that says most, in a sentence.

    Args:
      gain: an effect, as `chapter.claims.report.judged` gives it.
    """
    return (
        "If each of a hundred labelled digits is changed anew every time it is seen, a network "
        f"that learns from them gains {gain['shown']} of accuracy on digits that served nothing "
        f"else: mean and 95 % interval over {gain['difference']['n']} seeds, with and without "
        f"tuned alike ({gain['result']}: claim {claim}, published with its measures in "
        "`docs/claims`)."
    )
