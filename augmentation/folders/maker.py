"""Makes the files of an augmented folder, a group at a time."""

import contextlib
import dataclasses
import functools
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image

from augmentation.core.batch import Batch, size_of
from augmentation.core.recipe import Recipe
from augmentation.core.transform import Drawn
from augmentation.folders.masks import Mask, mask_picture, read_mask
from augmentation.folders.plan import Output
from augmentation.folders.sources import SourceImage, decode
from data.images.decoding import Unusable
from data.images.resizing import AS_IT_IS, Form
from foundation.errors import InputError
from foundation.pictures import to_picture

Row = dict[str, str]  # column of the manifest -> cell


@dataclasses.dataclass(frozen=True)
class Maker:
    """Makes groups of outputs; several threads may call it at a time."""

    recipe: Recipe
    seed: int
    out: Path  # where the files go; the folders in it are there
    form: Form = AS_IT_IS  # how the images are read

    def __call__(self, outputs: list[Output]) -> list[Row]:
        """Write the files of a group (see `plan.batches`); their rows.

        Raises: InputError if an image is not what it was when the folder was first read.
        """
        if outputs[0].copy is not None:
            return self._augment(outputs)
        rows = []
        for output in outputs:  # originals, byte for byte unless reading changes them
            source, mask = output.source, b""
            image = source.path.read_bytes()
            if source.changed:
                image = png_bytes(to_picture(pixels_of(source, self.form)))
            if source.mask is not None:
                mask = source.mask.read_bytes()
            if source.mask_changed:
                mask = png_bytes(mask_picture(self._mask_of(source)))
            rows.append(self._write(output, image, mask, "", ""))
        return rows

    def _mask_of(self, source: SourceImage) -> Mask:
        shown, most = source.shape[:2], self.form.most_pixels
        return read_mask(source.mask, most, shown, source.orientation)

    def _augment(self, outputs: list[Output]) -> list[Row]:
        """Copies of images of one shape."""
        sources = {output.source.index: output.source for output in outputs}
        images = {index: pixels_of(source, self.form) for index, source in sources.items()}
        masks = {i: self._mask_of(each) for i, each in sources.items() if each.mask is not None}
        order = [output.source.index for output in outputs]
        given = [np.stack([images[index] for index in order])]
        if masks:
            given.append(np.stack([masks[index].values for index in order]))
        batch, drawn = graph_of(self.recipe, outputs[0].source.shape[2], bool(masks))(
            tf.constant(self.seed, tf.int64),
            tf.constant([output.copy for output in outputs], tf.int64),
            tf.constant(order, tf.int64),
            *map(tf.constant, given),
        )
        batch = batch.map(lambda part: part.numpy())
        drawn = tf.nest.map_structure(lambda values: values.numpy(), drawn)
        rows = []
        for position, output in enumerate(outputs):
            image, mask = png_bytes(to_picture(batch.images[position])), b""
            if masks:
                form = masks[output.source.index]
                moved = dataclasses.replace(form, values=batch.masks[position])
                mask = png_bytes(mask_picture(moved))
            transforms = json.dumps(self.recipe.describe(drawn, position))
            rows.append(self._write(output, image, mask, str(self.seed), transforms))
        return rows

    def _write(self, output: Output, image: bytes, mask: bytes, seed: str, transforms: str) -> Row:
        """Write an image, and its mask if there is one; the row that accounts for both."""
        row = {
            "file": output.file,
            "source": output.source.name,
            "index": str(output.source.index),
            "seed": seed,
            "copy": "" if output.copy is None else str(output.copy),
            "transforms": transforms,
            "sha256": hashlib.sha256(image).hexdigest(),
        }
        (self.out / output.file).write_bytes(image)
        if output.mask:
            row |= {"mask": output.mask, "mask_sha256": hashlib.sha256(mask).hexdigest()}
            (self.out / output.mask).write_bytes(mask)
        return row


@functools.lru_cache(maxsize=256)
def graph_of(recipe: Recipe, channels: int, masks: bool) -> Callable:
    """A recipe as a graph for images of any height and width.

    (seed, copies, indices, images[, masks]) -> (Batch, what was drawn)
    """
    numbers = tf.TensorSpec([None], tf.int64)
    signature = [tf.TensorSpec([], tf.int64), numbers, numbers]
    signature.append(tf.TensorSpec([None, None, None, channels], tf.uint8))
    if masks:
        signature.append(tf.TensorSpec([None, None, None], tf.int32))

    @tf.function(input_signature=signature, autograph=False)
    def graph(seed, copies, indices, images, masks=None) -> tuple[Batch, Drawn]:
        drawn = recipe.draw(seed, copies, indices, size_of(images))
        return recipe.replay(Batch(images, masks=masks), drawn), drawn

    return graph


def pixels_of(source: SourceImage, form: Form) -> np.ndarray:
    """The image, uint8 of the source's shape.

    Raises: InputError if the file was changed since the first look.
    """
    with contextlib.suppress(Unusable):
        pixels = decode(source.path, form).pixels
        if pixels.shape == source.shape:
            return pixels
    received = f"{source.name} changed while the folder was being augmented"
    raise InputError(received, "a folder that stays as it is", "start again")


def png_bytes(picture: Image.Image) -> bytes:
    """A picture as a PNG file; Pillow's own level 6 takes twice as long and saves a tenth."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
