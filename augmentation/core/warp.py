"""Sampling images and masks at given source positions: the one warp behind all geometry.

Positions are whole numbers of 1/256 pixel and the blending is whole-number arithmetic, so the bytes
that come out depend neither on the batch nor on how a compiler orders or fuses the sums.
"""

import tensorflow as tf

from augmentation.core.batch import size_of

ONE = 256  # a pixel, in the unit of positions
FILLS = ("constant", "reflect", "edge")


def sample_images(
    images: tf.Tensor, y: tf.Tensor, x: tf.Tensor, fill: str = "constant", fill_value: int = 0
) -> tf.Tensor:
    """Bilinear interpolation between the four pixels around each position.

    Args:
      images: uint8 (count, height, width, channels).
      y, x: int32, broadcast to (count, rows, columns): where each pixel of the result comes from,
        in 1/256 pixel; 0 is the middle of the first pixel.
      fill: what lies outside the image: "constant" (`fill_value`, into which the border pixels
        blend), "edge" (the border pixel goes on), "reflect" (mirrored at the middle of the border
        pixel, which is not repeated; as numpy.pad's).
      fill_value: in [0, 255].

    Returns: uint8 (count, rows, columns, channels). Whole-pixel positions give exact pixels.
    """
    images = tf.convert_to_tensor(images)
    height, width, _ = size_of(images)
    y, x = _inside(y, height, fill, ONE), _inside(x, width, fill, ONE)
    before = 1 if fill == "constant" else 0
    # a row and a column more than the positions reach: the last pixel's neighbour is read as well
    edges = [before, before + 1]
    padded = tf.pad(images, [[0, 0], edges, edges, [0, 0]], constant_values=fill_value)
    rows, columns, channels = size_of(padded)
    pixels = tf.reshape(padded, [tf.shape(images)[0], rows * columns, channels])
    first = tf.bitwise.right_shift(y, 8) * columns + tf.bitwise.right_shift(x, 8)
    first = _broadcast(first, images)
    down = (y & (ONE - 1))[..., tf.newaxis]  # [0, 255], share of the lower row
    right = (x & (ONE - 1))[..., tf.newaxis]

    def pixel(offset):
        return tf.cast(tf.gather(pixels, first + offset, batch_dims=1), tf.int32)

    upper = pixel(0) * (ONE - right) + pixel(1) * right  # [0, 255 * 256]
    lower = pixel(columns) * (ONE - right) + pixel(columns + 1) * right
    total = upper * (ONE - down) + lower * down  # [0, 255 * 65536]
    return tf.cast(tf.bitwise.right_shift(total + ONE * ONE // 2, 16), tf.uint8)


def sample_masks(
    masks: tf.Tensor, y: tf.Tensor, x: tf.Tensor, fill: str = "constant", fill_value: int = 0
) -> tf.Tensor:
    """Nearest neighbour: class numbers, uint8 or int32 (count, height, width), are never blended.

    The rest as for `sample_images`.
    """
    y, x = [tf.bitwise.right_shift(positions + ONE // 2, 8) for positions in (y, x)]
    return take_pixels(masks, y, x, fill, fill_value)


def take_pixels(
    values: tf.Tensor, y: tf.Tensor, x: tf.Tensor, fill: str = "constant", fill_value: int = 0
) -> tf.Tensor:
    """Pixels at whole positions, without blending; for images and for masks, of any type.

    As `sample_images`, but y and x in pixels.
    """
    values = tf.convert_to_tensor(values)
    height, width, _ = size_of(values)
    inside = "edge" if fill == "constant" else fill
    from_y, from_x = _inside(y, height, inside, 1), _inside(x, width, inside, 1)
    shape = [tf.shape(values)[0], height * width, *values.shape[3:]]
    places = _broadcast(from_y * width + from_x, values)
    taken = tf.gather(tf.reshape(values, shape), places, batch_dims=1)
    if fill != "constant":
        return taken
    outside = (from_y != y) | (from_x != x)
    outside = outside[..., tf.newaxis] if values.shape.rank == 4 else outside
    return tf.where(outside, tf.constant(fill_value, values.dtype), taken)


def to_grid(values: tf.Tensor, steps: float) -> tf.Tensor:
    """The nearest multiples of 1/steps, a power of 2.

    The limit between two lies beside the middle: round numbers often fall on the middle itself, and
    there the result would hang on the last bit, which compilers change (they divide by multiplying
    with the reciprocal).
    """
    return tf.floor(values * steps + 0.499) * (1 / steps)


def _inside(positions: tf.Tensor, length: int | tf.Tensor, fill: str, one: int) -> tf.Tensor:
    """Positions on one axis, led back to where there are pixels (constant: pixels or the frame)."""
    last = (length - 1) * one
    if fill == "constant":  # one pixel of frame before the image: all positions shift by it
        return tf.clip_by_value(positions, -one, length * one) + one
    if fill == "edge":
        return tf.clip_by_value(positions, 0, last)
    period = tf.maximum(2 * last, 1)  # an image of one pixel is its own mirror
    positions = tf.math.floormod(positions, period)
    return tf.minimum(positions, period - positions)


def _broadcast(positions: tf.Tensor, values: tf.Tensor) -> tf.Tensor:
    """One image's positions stand for all images."""
    if positions.shape[0] != 1:
        return positions
    count = tf.shape(values)[0] if values.shape[0] is None else values.shape[0]
    return tf.broadcast_to(positions, [count, *size_of(positions)[:2]])
