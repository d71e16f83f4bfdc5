"""The augmentation's part of the page: every transform, the recipes, and what they are worth."""

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from augmentation.core.recipe import Recipe
from augmentation.listing import image_groups
from augmentation.preview import PARTNERS, recipe_rows, transform_rows
from augmentation.recipes.read import load_recipe
from augmentation.recipes.tables import shipped_recipes
from augmentation.tf_data import augmented_arrays
from chapter.claims.report.judged import published
from chapter.page.config import ChapterSettings
from chapter.page.parts.figures import digits
from chapter.page.section import Block, Heading, Paragraph, Picture, Section, Table, TableRow
from chapter.page.words import Words
from foundation.pictures import save_image

SAY = Words("augmentation")
TITLE = SAY("title")
SHOWN = "mnist_affine_elastic"  # the recipe of the first look
DRAWS, LOOK_IMAGES, RECIPE_IMAGES = 6, 3, 2
WAYS = ((64, 1), (50, 8))  # batch size, workers
REPEATED_IMAGES, REPEATED_RECIPE = 500, "mnist_affine"
CLAIM, TRIAL = "C3", "few_labels_100"  # what augmentation is worth


def augmentation_part(out: Path, settings: ChapterSettings) -> Section:
    """Draw every transform and recipe; what augmentation is worth is a published claim's answer.

    Writes OUT/figures.
    """
    dataset = digits(settings.preset)
    print("\nAugmentation: draw every transform and every recipe", flush=True)
    images, figures, seed = dataset.train.images, out / "figures", settings.seed
    gain = published_gain()
    look = figures / "augmented.png"
    save_image(rows_of(images, load_recipe(SHOWN), LOOK_IMAGES, seed), look)
    return Section(
        title=TITLE,
        covers=("2.1.3", "3.2.3"),
        first_look=(
            Picture(look, SAY("look_alt"), SAY("look")),
            *([Paragraph(SAY("at_a_glance", gain=gain, claim=CLAIM))] if gain else []),
        ),
        blocks=(
            *transforms(images, figures, seed),
            *recipes(images, figures, seed),
            *repeatable(images[:REPEATED_IMAGES], seed),
        ),
        data={dataset.name: dataset.sha256},
        metrics={"published_gain": gain and gain["difference"]},
    )


def published_gain() -> dict | None:
    """What it adds to the accuracy with a hundred labelled digits, as `judged` gives an effect.

    None as long as the claim is not measured with all of its seeds.
    """
    claims = published()["claims"]
    effects = claims[CLAIM]["effects"] if CLAIM in claims else []
    return next((effect for effect in effects if effect["trial"] == TRIAL), None)


def rows_of(images: np.ndarray, recipe: Recipe, count: int, seed: int) -> Image.Image:
    """The first images, and what a recipe makes of each."""
    return recipe_rows(images[:count], recipe, DRAWS, seed, images[:PARTNERS])


def transforms(images: np.ndarray, figures: Path, seed: int) -> tuple[Block, ...]:
    """Chapter 2.1.3: one picture a group of transforms."""
    blocks = []
    for number, (group, kinds) in enumerate(image_groups().items(), start=1):
        path = figures / f"transforms-{number}.png"
        save_image(transform_rows(images[0], images[:PARTNERS], kinds, DRAWS, seed), path)
        about = SAY(f"groups.{group}") if group in SAY.texts["groups"] else ""
        alt = SAY("transforms_alt", kinds=", ".join(kinds))
        blocks.append(Picture(path, alt, f"{group.capitalize()}. {about}".strip()))
    heading = Heading(SAY("headings.transforms"), ("2.1.3",))
    return (heading, Paragraph(SAY("transforms")), *blocks)


def recipes(images: np.ndarray, figures: Path, seed: int) -> tuple[Block, ...]:
    """Chapter 3.2.3: the shipped recipes, those for digits also drawn."""
    shipped = shipped_recipes("image")
    drawn = []
    for name, description in shipped.items():
        if name.startswith("mnist"):
            path = figures / f"recipe-{name}.png"
            save_image(rows_of(images, load_recipe(name), RECIPE_IMAGES, seed), path)
            caption = SAY("recipe_caption", name=name, description=description)
            drawn.append(Picture(path, SAY("recipe_alt"), caption))
    rows = tuple(TableRow(f"`{name}`", (what,)) for name, what in shipped.items())
    return (
        Heading(SAY("headings.recipes"), ("3.2.3",)),
        Paragraph(SAY("recipes")),
        Table(SAY("recipes_caption"), ("recipe", "for what"), rows, numbers=False),
        *drawn,
    )


def repeatable(images: np.ndarray, seed: int) -> tuple[Block, ...]:
    """The same bytes for every batch size and number of workers."""
    recipe, rows = load_recipe(REPEATED_RECIPE), []
    for batch_size, workers in WAYS:
        way = f"batches of {batch_size}, {workers} worker{'s' * (workers > 1)}"
        made = augmented_sha256(images, recipe, seed, batch_size, workers)
        rows.append(TableRow(way, (made[:16],)))
    same = len({row.cells for row in rows}) == 1
    return (
        Heading(SAY("headings.repeatable"), ("3.2.3",)),
        Paragraph(SAY("repeatable", count=len(images), same=same)),
        Table(SAY("hashes_caption"), ("made in", "SHA-256"), tuple(rows)),
        Paragraph(SAY("apply")),
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
