"""The augmentation's part of the report: every transform, the recipes, and what they are worth."""

import hashlib
from pathlib import Path

import numpy as np

from augmentation.core.recipe import Recipe
from augmentation.listing import image_groups
from augmentation.preview import PARTNERS, recipe_rows, transform_rows
from augmentation.recipes.read import load_recipe
from augmentation.recipes.shipped import shipped_recipes
from augmentation.tf_data import augmented_arrays
from chapter.claims.report import published
from chapter.page.config import MODELS, ChapterSettings
from chapter.page.parts.augmentation import words
from chapter.page.section import Block, Heading, Paragraph, Picture, Section, Table, TableRow
from data.images.load import ImageDataset, load_images
from foundation.pictures import save_image

TITLE = "Image augmentation"
SHOWN = "mnist_affine_elastic"  # the recipe of the first look
DRAWS, LOOK_IMAGES, RECIPE_IMAGES = 6, 3, 2
WAYS = ((64, 1), (64, 8), (50, 2))  # batch size, workers
REPEATED_IMAGES, REPEATED_RECIPE = 500, "mnist_affine"
CLAIM, TRIAL = "C3", "few_labels_100"  # what augmentation is worth


def augmentation_part(out: Path, settings: ChapterSettings) -> Section:
    """Draw every transform and recipe; what augmentation is worth is a published claim's answer.

    Writes OUT/figures.
    """
    dataset = load_images("mnist", max_images=MODELS[settings.preset]["max_images"])
    print("\nAugmentation: draw every transform and every recipe", flush=True)
    figures = out / "figures"
    figures.mkdir(exist_ok=True)
    gain = published_gain()
    return Section(
        title=TITLE,
        covers=("2.1.3", "3.2.3"),
        first_look=first_look(dataset, gain, figures, settings.seed),
        blocks=(
            *transforms(dataset, figures, settings.seed),
            *recipes(dataset, figures, settings.seed),
            *repeatable(dataset, settings.seed),
        ),
        data={dataset.name: dataset.sha256},
        metrics={"published_gain": gain["difference"]},
    )


def published_gain() -> dict:
    """What it adds to the accuracy with a hundred labelled digits, as `judged` gives an effect."""
    effects = published()["claims"][CLAIM]["effects"]
    return next(effect for effect in effects if effect["trial"] == TRIAL)


def first_look(dataset: ImageDataset, gain: dict, figures: Path, seed: int) -> tuple[Block, ...]:
    """Some digits and their augmented copies, and the figure that says most."""
    path = figures / "augmented.png"
    save_image(rows_of(dataset, load_recipe(SHOWN), LOOK_IMAGES, seed), path)
    return (
        Picture(path, words.LOOK_ALT, words.LOOK),
        Paragraph(words.at_a_glance(gain, CLAIM)),
    )


def rows_of(dataset: ImageDataset, recipe: Recipe, count: int, seed: int):
    """The first training images, and what a recipe makes of each."""
    images = dataset.train.images
    return recipe_rows(images[:count], recipe, DRAWS, seed, images[:PARTNERS])


def transforms(dataset: ImageDataset, figures: Path, seed: int) -> tuple[Block, ...]:
    """Chapter 2.1.3: one picture a group of transforms."""
    images = dataset.train.images
    blocks = []
    for number, (group, kinds) in enumerate(image_groups().items(), start=1):
        path = figures / f"transforms-{number}.png"
        save_image(transform_rows(images[0], images[:PARTNERS], kinds, DRAWS, seed), path)
        alt = f"Rows of a digit, the original at the left: {', '.join(kinds)}."
        caption = f"{group.capitalize()}. {words.GROUPS.get(group, '')}".strip()
        blocks.append(Picture(path, alt, caption))
    return (
        Heading("What every transform does", ("2.1.3",)),
        Paragraph(words.TRANSFORMS),
        *blocks,
    )


def recipes(dataset: ImageDataset, figures: Path, seed: int) -> tuple[Block, ...]:
    """Chapter 3.2.3: the shipped recipes, those for digits also drawn."""
    shipped = shipped_recipes("image")
    drawn = []
    for name, description in shipped.items():
        if name.startswith("mnist"):
            path = figures / f"recipe-{name}.png"
            save_image(rows_of(dataset, load_recipe(name), RECIPE_IMAGES, seed), path)
            caption = words.recipe_caption(name, description)
            drawn.append(Picture(path, words.RECIPE_ALT, caption))
    rows = tuple(TableRow(f"`{name}`", (what,)) for name, what in shipped.items())
    return (
        Heading("Recipes", ("3.2.3",)),
        Paragraph(words.RECIPES),
        Table("The recipes that come with the project", ("recipe", "for what"), rows, False),
        *drawn,
    )


def repeatable(dataset: ImageDataset, seed: int) -> tuple[Block, ...]:
    """The same bytes for every batch size and number of workers."""
    images = dataset.train.images[:REPEATED_IMAGES]
    recipe = load_recipe(REPEATED_RECIPE)
    rows = tuple(
        TableRow(
            f"batches of {batch_size}, {workers} worker{'s' * (workers > 1)}",
            (augmented_sha256(images, recipe, seed, batch_size, workers)[:16],),
        )
        for batch_size, workers in WAYS
    )
    return (
        Heading("The same bytes, however they are made", ("3.2.3",)),
        Paragraph(words.REPEATABLE.format(count=len(images))),
        Table("The first digits of the SHA-256 of all images", ("made in", "SHA-256"), rows),
        Paragraph(words.APPLY),
    )


def augmented_sha256(
    images: np.ndarray, recipe: Recipe, seed: int, batch_size: int, workers: int
) -> str:
    """Hex SHA-256 of the augmented images, in order."""
    digest = hashlib.sha256()
    options = {"batch_size": batch_size, "parallel_calls": workers}
    for batch in augmented_arrays(images, None, recipe, seed, **options):
        digest.update(batch.numpy())
    return digest.hexdigest()
