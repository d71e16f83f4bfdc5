"""Drawing characters one after the other, the whole loop inside one compiled function."""

from typing import NamedTuple

import tensorflow as tf

from data.texts.vocabulary import Vocabulary
from foundation.purposes import GENERATION_NOISE
from lstm_text.model import CharacterModel
from training.seeds import stateless_seed

# Streams that are drawn side by side, always: a product of another shape may sum in another order
# and differ in the last bit, and then a text would depend on how many are asked for.
GROUP = 10
PIECE = 8  # characters whose noise is made at once: a call's would be 60 MB for Chinese streams
MOST_PIECES = 32  # of a call; each call costs about as much as 20 characters of a small model
PRIME_AT_ONCE = 64  # characters
COLDEST = 1e-6  # a lower temperature is 0: float32 logits tell nothing finer apart

Start = tuple[tf.Tensor, tf.Tensor]  # last codes (GROUP,) and state (layers, 2, GROUP, units)
States = list[tuple[tf.Tensor, tf.Tensor]]  # hidden and cell (rows, units) of each layer


class Weights(NamedTuple):
    """A model's weights as `advance` uses them, one product a layer.

    The first layer's input is one of few vectors: their products with its kernel are a table.
    """

    inputs: tf.Tensor  # (vocabulary, 4 units): of each character, with the first layer's bias
    kernels: list[tf.Tensor]  # the first layer's recurrent kernel; then kernel upon recurrent one
    biases: list[tf.Tensor]  # of the layers after the first


def weights_of(model: CharacterModel) -> Weights:
    """The weights that a model has now."""
    first, *others = model.lstm_layers
    inputs = tf.matmul(model.embedding.embeddings, first.kernel) + first.bias
    kernels = [tf.concat([each.kernel, each.recurrent_kernel], axis=0) for each in others]
    kernels = [tf.convert_to_tensor(first.recurrent_kernel), *kernels]
    return Weights(inputs, kernels, [tf.convert_to_tensor(each.bias) for each in others])


def advance(inputs: tf.Tensor, states: States, weights: Weights) -> tuple[tf.Tensor, States]:
    """One character through all layers (see lstm_text.recurrent.recurrence).

    Args:
      inputs: float32 (rows, 4 units), of `weights.inputs` the rows of the characters to be read.

    Returns: the last layer's output, float32 (rows, units), and the new states.
    """
    below, new_states = [], []
    biases = [inputs, *weights.biases]
    for (hidden, cell), kernel, bias in zip(states, weights.kernels, biases, strict=True):
        gates = tf.matmul(tf.concat([*below, hidden], axis=1), kernel) + bias
        i, f, g, o = tf.split(gates, 4, axis=1)
        cell = tf.sigmoid(f) * cell + tf.sigmoid(i) * tf.tanh(g)
        hidden = tf.sigmoid(o) * tf.tanh(cell)
        below = [hidden]
        new_states.append((hidden, cell))
    return hidden, new_states


class Sampler:
    """Draws text from a model.

    The draw is the Gumbel-max trick: argmax(logits / temperature + noise) is a sample of the
    softmax (Maddison et al. 2014). The noise is a pure function of (seed, stream, position).

    Args:
      model: a CharacterModel; its weights are read anew at each call.
      temperature: what the logits are divided by; 0: always the likeliest character.
      top_k: choose among that many likeliest characters; None: all.
      top_p: then choose among the fewest likeliest whose probabilities reach this share (nucleus
        sampling, Holtzman et al. 2020); None: all.
    """

    def __init__(
        self,
        model: CharacterModel,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
    ):
        self.model, self.temperature = model, temperature
        self.top_k = None if top_k is None else min(top_k, model.vocabulary_size)
        self.top_p = None if top_p == 1.0 else top_p

    def start(self, prime: list[int]) -> Start:
        """Read the prime text, at least one code; returns what `next` begins with."""
        codes, state = tf.constant([prime], tf.int32), self.model.zero_state(1)
        for first in range(0, len(prime) - 1, PRIME_AT_ONCE):
            part = codes[:, first : min(first + PRIME_AT_ONCE, len(prime) - 1)]
            _, state = self.model(part, state)
        return tf.repeat(codes[:, -1], GROUP), tf.repeat(state, GROUP, axis=2)

    def next(
        self, start: Start, seed: int, group: int, first: int, count: int
    ) -> tuple[tf.Tensor, Start]:
        """The next characters of a group: the streams from group * GROUP on.

        Args:
          start: as `start` or the last call returned it.
          first: how many pieces of PIECE characters were drawn before.
          count: how many are to be drawn, at most MOST_PIECES.

        Returns: the characters, int32 (GROUP, PIECE * count); and what the next call begins with.
        """
        place = [tf.constant(value, tf.int32) for value in (seed, group, first, count)]
        drawn, codes, state = self._next(*start, *place)
        return tf.transpose(drawn[: PIECE * count]), (codes, state)

    @tf.function(jit_compile=True)
    def _next(self, codes, state, seed, group, first, count):
        streams = group * GROUP + tf.range(GROUP)
        seeds = tf.map_fn(lambda stream: stateless_seed(seed, GENERATION_NOISE, stream), streams)
        weights = weights_of(self.model)
        states = [tuple(tf.unstack(layer)) for layer in tf.unstack(state)]

        def step(index, codes, states, drawn):
            noise = self._noise(seeds, first + index)
            more, codes, states = self.draw(codes, states, weights, noise)
            return index + 1, codes, states, drawn.write(index, more)

        drawn = tf.TensorArray(tf.int32, MOST_PIECES, element_shape=(PIECE, GROUP))
        _, codes, states, drawn = tf.while_loop(
            lambda index, *_: index < count, step, (0, codes, states, drawn)
        )
        return drawn.concat(), codes, tf.stack([tf.stack(layer) for layer in states])

    def _noise(self, seeds: tf.Tensor, piece: tf.Tensor) -> tf.Tensor:
        """Standard Gumbel noise, float32 (PIECE, rows, how many characters `choose` looks at).

        `seeds`, int32 (rows, 2), are of the streams; `piece` says which of theirs it is for.
        """
        shape = (PIECE, self.top_k or self.model.vocabulary_size)
        uniform = tf.map_fn(
            lambda seed: tf.random.stateless_uniform(
                shape, tf.random.fold_in(seed, piece), alg=tf.random.Algorithm.THREEFRY
            ),
            seeds,
            fn_output_signature=tf.float32,
        )
        return -tf.math.log(-tf.math.log(tf.maximum(tf.transpose(uniform, (1, 0, 2)), 1e-30)))

    def draw(
        self, codes: tf.Tensor, states: States, weights: Weights, noise: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, States]:
        """Draw characters, each from what stands before it.

        Args:
          codes: int32 (rows,), the characters before.
          noise: standard Gumbel noise, float32 (characters, rows, top_k or vocabulary).

        Returns: the characters, int32 (characters, rows); the last of them; the states.
        """
        count, rows, _ = noise.shape
        drawn = tf.TensorArray(tf.int32, count, element_shape=(rows,))

        def step(index, inputs, states, drawn):
            outputs, states = advance(inputs, states, weights)
            codes = self.choose(self.model.head(outputs), noise[index])
            # Looked up here and not where they are used: there XLA would mix the look-up with the
            # gates' arithmetic, and compute it number by number.
            inputs = tf.gather(weights.inputs, codes)
            return index + 1, inputs, states, drawn.write(index, codes)

        inputs = tf.gather(weights.inputs, codes)
        _, _, states, drawn = tf.while_loop(
            lambda index, *_: index < count, step, (0, inputs, states, drawn)
        )
        drawn = drawn.stack()
        return drawn, drawn[-1], states

    def choose(self, logits: tf.Tensor, noise: tf.Tensor) -> tf.Tensor:
        """Draw one code a row, int32 (rows,), never the unknown symbol.

        Args:
          logits: float32 (rows, vocabulary).
          noise: standard Gumbel noise, float32 (rows, top_k or vocabulary).
        """
        unknown = tf.one_hot(Vocabulary.UNKNOWN, self.model.vocabulary_size) > 0
        cold = self.temperature < COLDEST
        # Divided before the unknown symbol is left out: -inf by an infinite number is no number.
        logits = tf.where(unknown, float("-inf"), logits if cold else logits / self.temperature)
        if cold:
            return first_largest(logits)
        if self.top_k is None and self.top_p is None:
            return first_largest(logits + noise)
        best, order = tf.math.top_k(logits, self.top_k or self.model.vocabulary_size)
        if self.top_p is not None:
            before = tf.cumsum(tf.nn.softmax(best), axis=1, exclusive=True)
            best = tf.where(before < self.top_p, best, float("-inf"))
        return tf.gather(order, first_largest(best + noise), batch_dims=1)


def first_largest(scores: tf.Tensor) -> tf.Tensor:
    """The place of the largest number of each row, the first of equal ones, int32 (rows,).

    As tf.argmax, which XLA compiles to code that looks at one number at a time.
    """
    largest = tf.reduce_max(scores, axis=1, keepdims=True)
    count = scores.shape[1]
    return tf.reduce_min(tf.where(scores == largest, tf.range(count), count), axis=1)
