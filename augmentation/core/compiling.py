"""Steps as machine code: where a graph knows the size of its images, XLA compiles each step once.

A compiled function fits one shape only. How many images go through a step is often not known
before it runs (the last batch is smaller, a choice sends a different number each time), so an
unknown number goes through in chunks of a fixed number of images. The bytes are the same either
way, and the same as without compilation.
"""

import functools
from collections.abc import Callable

import tensorflow as tf

from augmentation.core.batch import Batch

CHUNK = 16  # images; more wastes work on the fillers of the last chunk, fewer on the calls
MOST_COMPILED = 1024  # functions that are kept


def can_compile(batch: Batch) -> bool:
    """Whether this is a graph in which every shape but the number of images is known.

    Outside of a graph every image size would cost a compilation, half a second, for one call.
    """
    if tf.executing_eagerly():
        return False
    return all(part is None or part.shape[1:].is_fully_defined() for part in batch)


def run_compiled(step: object, apply: Callable, batch: Batch, drawn: dict) -> Batch:
    """`apply(step, batch, drawn)` by XLA; equal steps share the compiled function.

    The batch is of known shape, see `can_compile`; the number of images may be unknown.
    """
    compiled = _compiled(step, apply)
    if batch.images.shape[0] is not None:
        return compiled(batch, drawn)
    count = tf.shape(batch.images)[0]
    chunks = (count + CHUNK - 1) // CHUNK
    # the last chunk is filled up with the last image: whatever that gives is cut off again
    places = tf.minimum(tf.range(chunks * CHUNK), count - 1)

    def split(part: tf.Tensor) -> tf.Tensor:
        rows = tf.reshape(tf.gather(part, places), [chunks, CHUNK, *part.shape[1:]])
        return tf.ensure_shape(rows, [None, CHUNK, *part.shape[1:]])

    parts, restore = _present((batch, drawn))
    one = [tf.TensorSpec([CHUNK, *part.shape[1:]], part.dtype) for part in parts]
    results, join = _present(compiled.get_concrete_function(*restore(one)).structured_outputs)
    done = tf.map_fn(
        lambda chunk: _present(compiled(*restore(chunk)))[0],
        [split(part) for part in parts],
        fn_output_signature=[tf.TensorSpec(part.shape, part.dtype) for part in results],
        parallel_iterations=1,
    )
    return join([tf.reshape(part, [-1, *part.shape[2:]])[:count] for part in done])


@functools.lru_cache(maxsize=MOST_COMPILED)
def _compiled(step: object, apply: Callable) -> Callable:
    return tf.function(functools.partial(apply, step), jit_compile=True, autograph=False)


def _present(structure: tuple) -> tuple[list, Callable]:
    """What is there, in a flat list, and the function that makes the structure of such a list."""
    flat = tf.nest.flatten(structure)

    def restore(parts: list) -> tuple:
        parts = iter(parts)
        whole = [None if part is None else next(parts) for part in flat]
        return tf.nest.pack_sequence_as(structure, whole)

    return [part for part in flat if part is not None], restore


def computed_once(*values: tf.Tensor) -> list[tf.Tensor]:
    """The same whole numbers, computed before what follows.

    XLA fuses a long calculation into the loop that uses its result, and repeats it there for every
    use: the noise of an elastic field was computed four times, its displacements eight times. It
    does not fuse over a branch. The condition here always holds, which XLA does not know: a number
    equals itself unless it is NaN, and these are made from whole numbers.
    """
    probe = tf.cast(tf.reshape(values[0], [-1])[:1], tf.float32)
    always = tf.reduce_all(probe == probe)
    return tf.cond(always, lambda: list(values), lambda: [tf.zeros_like(value) for value in values])
