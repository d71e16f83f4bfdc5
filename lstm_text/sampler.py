"""Drawing characters one after the other, the whole loop inside one compiled function."""

from collections.abc import Sequence

import tensorflow as tf

from data.texts.vocabulary import Vocabulary
from lstm_text.model import CharacterModel
from lstm_text.one_character import Weights, advance, logits, weights_of
from training.seeds import GENERATION_NOISE, stateless_seed

ROWS = 64  # streams side by side, where there are many; otherwise one
PIECE = 8  # characters whose noise is made at once: a call's would be 400 MB for Chinese streams
MOST_PIECES = 32  # of a call; each call costs about as much as 20 characters of a small model
TRIED_PIECES = 8  # drawn twice to see whether many rows get what one gets
PRIME_AT_ONCE = 64  # characters
COLDEST = 1e-6  # a lower temperature is 0: float32 logits tell nothing finer apart

Start = tuple[tf.Tensor, tf.Tensor, Weights]  # last codes, state, and the weights


class Sampler:
    """Draws text from a model.

    The draw is the Gumbel-max trick: argmax(logits / temperature + noise) is a sample of the
    softmax (Maddison et al. 2014). The noise is a pure function of (seed, stream, position).

    Args:
      model: a CharacterModel; after a change of its weights call `start` anew.
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
        self._compiled, self._rows_agree = {}, None

    def start(self, prime: list[int]) -> Start:
        """Read the prime text.

        Args:
          prime: codes, at least one.

        Returns: what `next` begins with, for one stream: last code int32 (1,), state (layers, 2, 1,
          units), and the weights in the form in which they are used.
        """
        codes, state = tf.constant([prime], tf.int32), self.model.zero_state(1)
        for first in range(0, len(prime) - 1, PRIME_AT_ONCE):
            part = codes[:, first : min(first + PRIME_AT_ONCE, len(prime) - 1)]
            _, state = self.model(part, state)
        return codes[:, -1], state, self._weights()

    @tf.function
    def _weights(self) -> Weights:
        return weights_of(self.model)

    def next(
        self, start: Start, seed: int, streams: Sequence[int], first: int, count: int
    ) -> tuple[tf.Tensor, Start, tf.Tensor]:
        """The next characters of some streams.

        Args:
          start: as `start` or the last call returned it, for one stream or for each.
          seed: of the noise.
          streams: which streams they are.
          first: how many pieces of PIECE characters were drawn before.
          count: how many are to be drawn, at most MOST_PIECES.

        Returns: the characters, int32 (streams, PIECE * count); what the next call begins with; and
          the scores with which the characters won, float32 of the same shape.
        """
        codes, state, weights = start
        rows = len(streams)
        if len(codes) != rows:
            codes, state = tf.repeat(codes, rows), tf.repeat(state, rows, axis=2)
        place = [tf.constant(value, tf.int32) for value in (seed, streams, first, count)]
        if rows not in self._compiled:  # called directly: tf.function would look for it anew
            traced = self._next.get_concrete_function(codes, state, weights, *place)
            self._compiled[rows] = traced
        drawn, codes, state, scores = self._compiled[rows](codes, state, weights, *place)
        drawn, scores = (tf.transpose(each[: PIECE * count]) for each in (drawn, scores))
        return drawn, (codes, state, weights), scores

    @tf.function(jit_compile=True)
    def _next(self, codes, state, weights, seed, streams, first, count):
        seeds = tf.map_fn(lambda stream: stateless_seed(seed, GENERATION_NOISE, stream), streams)
        states = [tuple(tf.unstack(layer)) for layer in tf.unstack(state)]

        def step(index, codes, states, drawn, scores):
            noise = self._noise(seeds, first + index)
            more, codes, states, more_scores = self.draw(codes, states, weights, noise)
            drawn, scores = drawn.write(index, more), scores.write(index, more_scores)
            return index + 1, codes, states, drawn, scores

        shape = (PIECE, codes.shape[0])
        arrays = [
            tf.TensorArray(each, MOST_PIECES, element_shape=shape)
            for each in (tf.int32, tf.float32)
        ]
        _, codes, states, drawn, scores = tf.while_loop(
            lambda index, *_: index < count, step, (0, codes, states, *arrays)
        )
        state = tf.stack([tf.stack(layer) for layer in states])
        return drawn.concat(), codes, state, scores.concat()

    def _noise(self, seeds: tf.Tensor, piece: tf.Tensor) -> tf.Tensor:
        """Standard Gumbel noise, float32 (PIECE, rows, how many characters `choose` looks at).

        Args:
          seeds: int32 (rows, 2), of the streams.
          piece: int32, which piece of the streams it is for.
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
        self, codes: tf.Tensor, states: list, weights: Weights, noise: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, list, tf.Tensor]:
        """Draw characters, each from what stands before it.

        Args:
          codes: int32 (rows,), the characters before.
          states: hidden and cell of each layer, float32 (rows, units).
          weights: from `start`.
          noise: standard Gumbel noise, float32 (characters, rows, top_k or vocabulary).

        Returns: the characters, int32 (characters, rows); the last of them; the states; the scores
          of the characters, float32 (characters, rows).
        """
        count, rows, _ = noise.shape
        drawn = tf.TensorArray(tf.int32, count, element_shape=(rows,))
        scores = tf.TensorArray(tf.float32, count, element_shape=(rows,))

        def step(index, inputs, states, drawn, scores):
            output, states = advance(inputs, states, weights)
            codes, best = self.choose(logits(output, weights), noise[index])
            # Looked up here and not where they are used: there XLA would mix the look-up with the
            # gates' arithmetic, and compute it number by number.
            inputs = tf.gather(weights.inputs, codes)
            drawn, scores = drawn.write(index, codes), scores.write(index, best)
            return index + 1, inputs, states, drawn, scores

        inputs = tf.gather(weights.inputs, codes)
        _, _, states, drawn, scores = tf.while_loop(
            lambda index, *_: index < count, step, (0, inputs, states, drawn, scores)
        )
        drawn = drawn.stack()
        return drawn, drawn[-1], states, scores.stack()

    def choose(self, logits: tf.Tensor, noise: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Draw one code a row.

        Args:
          logits: float32 (rows, vocabulary).
          noise: standard Gumbel noise, float32 (rows, top_k or vocabulary).

        Returns: int32 (rows,), never the unknown symbol; and what decided: the largest sum of logit
          and noise, float32 (rows,).
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
            # Shares as whole numbers: in whatever order they are summed, the sum is the same.
            highest = tf.reduce_max(best, axis=1, keepdims=True)
            shares = tf.cast(tf.exp(best - highest) * 2.0**30, tf.int64)
            before = tf.cast(tf.cumsum(shares, axis=1, exclusive=True), tf.float64)
            total = tf.cast(tf.reduce_sum(shares, axis=1, keepdims=True), tf.float64)
            best = tf.where(before < self.top_p * total, best, float("-inf"))
        rank, score = first_largest(best + noise)
        return tf.gather(order, rank, batch_dims=1), score

    def rows_agree(self, start: Start) -> bool:
        """Whether ROWS streams side by side get, bit by bit, what one alone gets.

        In which order a product sums does not depend on the numbers: one stream in all rows shows
        it, in thousands of sums (see lstm_text.one_character).

        Args:
          start: from `start`.
        """
        if self._rows_agree is None:
            results = []
            for rows in (1, ROWS):
                drawn, (_, state, _), scores = self.next(start, 0, [0] * rows, 0, TRIED_PIECES)
                results.append((drawn, state, scores))
            same = [tf.reduce_all(one == many) for one, many in zip(*results, strict=True)]
            self._rows_agree = all(map(bool, same))
        return self._rows_agree


def first_largest(scores: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The place of the largest number of each row, the first of equal ones; and the number.

    As tf.argmax, which XLA compiles to code that looks at one number at a time.
    """
    largest = tf.reduce_max(scores, axis=1)
    count = scores.shape[1]
    places = tf.where(scores == largest[:, tf.newaxis], tf.range(count), count)
    return tf.reduce_min(places, axis=1), largest
