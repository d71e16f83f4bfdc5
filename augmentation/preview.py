"""`augment preview`: what every transform does, and what a recipe does to images of a data set."""

import itertools

import numpy as np
import tensorflow as tf
from PIL import Image, ImageDraw, ImageFont

from augmentation.config import PreviewSettings
from augmentation.core.batch import Batch
from augmentation.core.mixing import Mixing, Partners
from augmentation.core.recipe import Recipe
from augmentation.listing import ImageKind, image_groups
from augmentation.recipes.read import load_recipe
from data.images.load import load_images
from foundation.files import check_directory, staged_directory
from foundation.pictures import save_image, to_picture

CELL = 64  # pixels of the longer side of an image in a picture, at least; small ones are enlarged
GAP = 4
GROUND, INK, PALE = (255, 255, 255), (20, 20, 20), (110, 110, 110)
LABEL_WIDTH, LABEL_SIZE = 190, 14
PARTNERS = 100  # images that may be mixed in
# Height, width and channels -> the recipe that is shown where none is named.
SUITED = {(28, 28, 1): "mnist_affine", (32, 32, 3): "cifar_standard"}
# From black to white over colours of all kinds, so that a change of colour shows on a grey image.
TINTS = np.array([[24, 32, 96], [208, 64, 96], [250, 170, 60], [255, 250, 200]], np.float64)


def preview(settings: PreviewSettings) -> dict:
    """Write transforms.png and recipe.png.

    Returns: {"out", "files", "recipe"}.
    Raises: InputError (the data set, the recipe or the target is at fault), OSError.
    """
    check_directory(settings.out)
    recipe = None if settings.recipe is None else load_recipe(settings.recipe)
    dataset = load_images(settings.data, max_images=settings.max_images, **settings.reading())
    recipe = recipe or load_recipe(SUITED.get(dataset.image_shape, "medical_gentle"))
    images, draws, seed = dataset.train.images, settings.draws, settings.seed
    partners = images[:PARTNERS]
    with staged_directory(settings.out) as out:
        kinds = {name: kind for group in image_groups().values() for name, kind in group.items()}
        rows = transform_rows(images[0], partners, kinds, draws, seed)
        save_image(rows, out / "transforms.png")
        rows = recipe_rows(images[: settings.images], recipe, draws, seed, partners)
        save_image(rows, out / "recipe.png")
        files = sorted(path.name for path in out.iterdir())
    print(f"every transform, and recipe {recipe.name} on {dataset.name} -> {settings.out}")
    return {"out": settings.out, "files": files, "recipe": recipe.name}


def transform_rows(
    image: np.ndarray, partners: np.ndarray, kinds: dict[str, ImageKind], draws: int, seed: int
) -> Image.Image:
    """One row a transform: the original, then several draws of it at its default strength.

    Args:
      image: uint8 (height, width, channels); tinted in the rows that are for colour images.
      partners: uint8 (count, height, width, channels), the images that may be mixed in.
      kinds: name -> transform.
    """
    rows = []
    for kind in kinds.values():
        shown = tinted(image) if kind.colour_only and image.shape[2] == 1 else image
        rows.append([shown, *drawn_images(single(kind), shown, 0, draws, seed, partners)])
    return labelled_grid(rows, list(kinds), ["original", *map(str, range(1, draws + 1))])


def recipe_rows(
    images: np.ndarray, recipe: Recipe, draws: int, seed: int, partners: np.ndarray
) -> Image.Image:
    """One row an image: the original, then what the recipe makes of it in the first epochs."""
    rows = [
        [image, *drawn_images(recipe, image, index, draws, seed, partners)]
        for index, image in enumerate(images)
    ]
    labels = [f"{recipe.name}, image {index}" for index in range(len(images))]
    return labelled_grid(rows, labels, ["original", *(f"epoch {k}" for k in range(draws))])


def single(kind: ImageKind) -> Recipe:
    """A recipe of one step at its default strength, applied to every image."""
    step = kind(probability=1.0)
    mixes = isinstance(step, Mixing)
    return Recipe(kind.name(), mixing=step) if mixes else Recipe(kind.name(), steps=(step,))


def drawn_images(
    recipe: Recipe, image: np.ndarray, index: int, draws: int, seed: int, partners: np.ndarray
) -> np.ndarray:
    """What the recipe makes of one image in the first epochs: uint8 (draws, height, width, c)."""
    labels, mixed_in = None, None
    if recipe.mixing is not None:  # a picture does not show labels
        labels = np.zeros(draws, np.int64)
        mixed_in = Partners(partners, np.zeros(len(partners), np.int64), classes=1)
    batch = Batch(np.repeat(image[np.newaxis], draws, axis=0), labels)
    epochs = tf.range(draws, dtype=tf.int64)
    return recipe(batch, seed, epochs, np.full(draws, index), mixed_in).images.numpy()


def tinted(image: np.ndarray) -> np.ndarray:
    """A grey image in colour: uint8 (height, width, 1) to (height, width, 3)."""
    places, levels = np.linspace(0, 255, len(TINTS)), np.arange(256)
    table = np.stack([np.interp(levels, places, tint) for tint in TINTS.T], axis=-1)
    return np.rint(table[image[..., 0]]).astype(np.uint8)


def labelled_grid(rows: list[list[np.ndarray]], labels: list[str], heads: list[str]) -> Image.Image:
    """Rows of images, uint8 (height, width, 1 or 3) of any sizes, with a name at the left of each
    and heads above.
    """
    largest = max(max(image.shape[:2]) for image in itertools.chain(*rows))
    scale = max(1, -(-CELL // largest))
    cell = largest * scale + GAP
    font = ImageFont.load_default(LABEL_SIZE)
    size = (LABEL_WIDTH + cell * len(heads), LABEL_SIZE + 2 * GAP + cell * len(rows))
    canvas = Image.new("RGB", size, GROUND)
    pen = ImageDraw.Draw(canvas)
    for column, head in enumerate(heads):
        pen.text((LABEL_WIDTH + cell * column, GAP), head, fill=PALE, font=font)
    for number, (label, row) in enumerate(zip(labels, rows, strict=True)):
        top = LABEL_SIZE + 2 * GAP + cell * number
        pen.text((GAP, top + cell // 2 - LABEL_SIZE), label, fill=INK, font=font)
        for column, image in enumerate(row):
            picture = to_picture(image.repeat(scale, axis=0).repeat(scale, axis=1))
            canvas.paste(picture, (LABEL_WIDTH + cell * column, top))
    return canvas
