"""Makes the files of an augmented folder, a group at a time."""

import functools
import io
import json
from collections import Counter
from collections.abc import Callable

import numpy as np
import tensorflow as tf
from PIL import Image

from augmentation.core.batch import Batch
from augmentation.core.recipe import Recipe
from augmentation.core.transform import Drawn, size_of
from augmentation.folders.masks import Mask, mask_picture, read_mask
from augmentation.folders.output import OutputDirectory, Row
from augmentation.folders.plan import Output
from augmentation.folders.sources import Source, decode
from data.images.decoding import Unusable
from foundation.errors import InputError
from foundation.pictures import to_picture

COMPILED_FROM = 1000  # images of one size; for fewer, compiling takes longer than it saves
# Level 6, Pillow's default, takes twice as long for files a tenth smaller.
PNG = {"format": "PNG", "compress_level": 1}

Shape = tuple[int | None, int | None, int]  # height, width, channels


class Maker:
    """Makes groups of outputs; several threads may call it at a time.

    Args:
      recipe: to apply.
      seed: of the draws.
      directory: where the files go.
      outputs: all that will be made, to know what is worth compiling.
    """

    def __init__(
        self, recipe: Recipe, seed: int, directory: OutputDirectory, outputs: list[Output]
    ):
        self.recipe, self.seed, self.directory = recipe, seed, directory
        copies = (output.source for output in outputs if output.copy is not None)
        self.frequency = Counter((source.shape, source.mask_dtype) for source in copies)

    def __call__(self, outputs: list[Output]) -> dict[int, Row]:
        """Write the files of a group (see `folder_plan.batches`); number -> row.

        Raises: InputError if an image is not what it was when the folder was first read.
        """
        if outputs[0].copy is None:
            return {output.number: self._copy(output) for output in outputs}
        return self._augment(outputs)

    def _copy(self, output: Output) -> Row:
        """An original, byte for byte."""
        source = output.source
        row = {"source": source.file.name, "index": str(source.file.index)}
        row |= {"seed": "", "copy": "", "transforms": ""}
        if source.mask is not None:
            content = source.mask.read_bytes()
            row |= {"mask": output.mask, "mask_sha256": self.directory.write(output.mask, content)}
        content = source.file.path.read_bytes()
        return row | {"file": output.file, "sha256": self.directory.write(output.file, content)}

    def _augment(self, outputs: list[Output]) -> dict[int, Row]:
        """Copies of images of one shape."""
        sources = {output.source.file.index: output.source for output in outputs}
        images = {index: pixels_of(source) for index, source in sources.items()}
        masks = {i: read_mask(each.mask) for i, each in sources.items() if each.mask is not None}
        order = [output.source.file.index for output in outputs]
        batch, drawn = self._function(outputs[0].source)(
            tf.constant(self.seed, tf.int64),
            tf.constant([output.copy for output in outputs], tf.int64),
            tf.constant(order, tf.int64),
            tf.constant(np.stack([images[index] for index in order])),
            *([tf.constant(np.stack([masks[index].values for index in order]))] if masks else []),
        )
        pictures = batch.images.numpy()
        drawn = tf.nest.map_structure(lambda values: values.numpy(), drawn)
        rows = {}
        for position, output in enumerate(outputs):
            row = {
                "source": output.source.file.name,
                "index": str(output.source.file.index),
                "seed": str(self.seed),
                "copy": str(output.copy),
                "transforms": json.dumps(self.recipe.describe(drawn, position)),
            }
            if masks:
                mask = masks[output.source.file.index]
                moved = Mask(batch.masks[position].numpy(), mask.mode, mask.palette)
                content = png_bytes(mask_picture(moved))
                row |= {"mask": output.mask}
                row |= {"mask_sha256": self.directory.write(output.mask, content)}
            content = png_bytes(to_picture(pictures[position]))
            row |= {"file": output.file, "sha256": self.directory.write(output.file, content)}
            rows[output.number] = row
        return rows

    def _function(self, source: Source) -> Callable:
        """The recipe for images like this one; compiled for their size if they are many."""
        height, width, channels = source.shape
        if self.frequency[source.shape, source.mask_dtype] < COMPILED_FROM:
            height = width = None
        return graph_of(self.recipe, (height, width, channels), source.mask_dtype)


@functools.lru_cache(maxsize=256)
def graph_of(recipe: Recipe, shape: Shape, mask_dtype: str) -> Callable:
    """A recipe as a graph for images of one shape, or of any height and width; the same bytes.

    (seed, copies, indices, images[, masks]) -> (Batch, what was drawn)
    """
    numbers = tf.TensorSpec([None], tf.int64)
    signature = [tf.TensorSpec([], tf.int64), numbers, numbers]
    signature.append(tf.TensorSpec([None, *shape], tf.uint8))
    if mask_dtype:
        signature.append(tf.TensorSpec([None, *shape[:2]], mask_dtype))

    @tf.function(input_signature=signature, autograph=False)
    def graph(seed, copies, indices, images, masks=None) -> tuple[Batch, Drawn]:
        drawn = recipe.draw(seed, copies, indices, size_of(images))
        return recipe.replay(Batch(images, masks=masks), drawn), drawn

    return graph


def pixels_of(source: Source) -> np.ndarray:
    """The image, uint8 of the source's shape.

    Raises: InputError if the file was changed since the first look.
    """
    try:
        pixels, _ = decode(source.file)
    except Unusable as reason:
        changed = str(reason)
    else:
        changed = "it has another shape"
        if pixels.shape == source.shape:
            return pixels
    raise InputError(
        f"{source.file.name} changed while the folder was being augmented: {changed}",
        "a folder that stays as it is",
        "start again",
    )


def png_bytes(picture: Image.Image) -> bytes:
    """A picture as a PNG file."""
    buffer = io.BytesIO()
    picture.save(buffer, **PNG)
    return buffer.getvalue()
