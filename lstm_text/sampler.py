"""Drawing characters one after the other, the whole loop inside one compiled function."""

import tensorflow as tf

from data.vocabulary import Vocabulary
from lstm_text.model import CharacterModel
from training.seeds import GENERATION_NOISE, stateless_seed

# A call always computes so many streams side by side: a matrix product of another shape may sum in
# another order, and a text would depend on how many others were asked for. Four is where one
# stream alone is still fast and many are not slow.
ROWS = 4
CHARACTERS_A_CALL = 64  # what appears on the screen at once
COLDEST = 1e-6  # a lower temperature is 0: float32 logits tell nothing finer apart


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

    def start(self, prime: list[int]) -> tuple[tf.Tensor, tf.Tensor, tuple]:
        """Read the prime text.

        Args:
          prime: codes, at least one.

        Returns: what `draw` wants: last codes int32 (ROWS,), state (layers, 2, ROWS, units), and
          the weights in the form in which they are used.
        """
        codes = tf.tile(tf.constant([prime], tf.int32), [ROWS, 1])
        state = self.model.zero_state(ROWS)
        for first in range(0, len(prime) - 1, CHARACTERS_A_CALL):
            piece = codes[:, first : min(first + CHARACTERS_A_CALL, len(prime) - 1)]
            _, state = self.model(piece, state)
        return codes[:, -1], state, self._tables()

    @tf.function
    def _tables(self) -> tuple:
        """The first layer's input is one of few vectors: its product with the kernel is a table.

        For the other layers the kernels stand one upon the other, so that a step needs one product.
        """
        first, *others = self.model.lstm_layers
        table = tf.matmul(tf.convert_to_tensor(self.model.embedding.embeddings), first.kernel)
        kernels = [tf.concat([layer.kernel, layer.recurrent_kernel], axis=0) for layer in others]
        return (table + first.bias, *kernels)

    def next(
        self,
        codes: tf.Tensor,
        state: tf.Tensor,
        tables: tuple,
        seed: int,
        first_stream: int,
        call: int,
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """As `draw`, with the noise of (seed, first_stream, call): one compiled call for both."""
        place = (tf.constant(value, tf.int32) for value in (seed, first_stream, call))
        return self._next(codes, state, tables, *place)

    @tf.function(jit_compile=True)
    def _next(self, codes, state, tables, seed, first_stream, call):
        return self.draw(codes, state, tables, self._noise(seed, first_stream, call))

    @tf.function
    def _noise(self, seed, first_stream, call):
        shape = (CHARACTERS_A_CALL, self.model.vocabulary_size)
        rows = []
        for row in range(ROWS):
            stream_seed = stateless_seed(seed, GENERATION_NOISE, first_stream + row)
            uniform = tf.random.stateless_uniform(
                shape, tf.random.fold_in(stream_seed, call), alg=tf.random.Algorithm.PHILOX
            )
            rows.append(-tf.math.log(-tf.math.log(tf.maximum(uniform, 1e-30))))
        return tf.stack(rows, axis=1)

    @tf.function(jit_compile=True)
    def draw(
        self, codes: tf.Tensor, state: tf.Tensor, tables: tuple, noise: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """The next CHARACTERS_A_CALL characters of ROWS streams.

        Args:
          codes: int32 (ROWS,), the characters before.
          state: float32 (layers, 2, ROWS, units).
          tables: from `start`.
          noise: from `noise`.

        Returns: the characters, int32 (ROWS, CHARACTERS_A_CALL); the last of them; the state.
        """
        drawn = tf.TensorArray(tf.int32, CHARACTERS_A_CALL, element_shape=(ROWS,))

        def step(index, codes, state, drawn):
            output, state = self._advance(codes, state, tables)
            codes = self.choose(self.model.logits(output), noise[index])
            return index + 1, codes, state, drawn.write(index, codes)

        _, codes, state, drawn = tf.while_loop(
            lambda index, *_: index < CHARACTERS_A_CALL, step, (0, codes, state, drawn)
        )
        return tf.transpose(drawn.stack()), codes, state

    def _advance(self, codes, state, tables):
        """One character through all layers: the last layer's output and the new state."""
        states, values = [], None
        for index, layer in enumerate(self.model.lstm_layers):
            hidden, cell = state[index, 0], state[index, 1]
            if index == 0:
                gates = tf.gather(tables[0], codes) + tf.matmul(hidden, layer.recurrent_kernel)
            else:
                gates = tf.matmul(tf.concat([values, hidden], axis=1), tables[index]) + layer.bias
            i, f, g, o = tf.split(gates, 4, axis=1)
            cell = tf.sigmoid(f) * cell + tf.sigmoid(i) * tf.tanh(g)
            values = tf.sigmoid(o) * tf.tanh(cell)
            states.append(tf.stack([values, cell]))
        return values, tf.stack(states)

    def choose(self, logits: tf.Tensor, noise: tf.Tensor) -> tf.Tensor:
        """Draw one code a row.

        Args:
          logits: float32 (rows, vocabulary).
          noise: standard Gumbel noise of the same shape.

        Returns: int32 (rows,); never the unknown symbol.
        """
        unknown = tf.one_hot(Vocabulary.UNKNOWN, self.model.vocabulary_size) > 0
        cold = self.temperature < COLDEST
        # Divided before the unknown symbol is left out: -inf by an infinite number is no number.
        logits = tf.where(unknown, float("-inf"), logits if cold else logits / self.temperature)
        if cold:
            return tf.argmax(logits, axis=1, output_type=tf.int32)
        if self.top_k is None and self.top_p is None:
            return tf.argmax(logits + noise, axis=1, output_type=tf.int32)
        best, order = tf.math.top_k(logits, self.top_k or self.model.vocabulary_size)
        if self.top_p is not None:
            shares = tf.nn.softmax(best)
            before = tf.cumsum(shares, axis=1, exclusive=True)
            best = tf.where(before < self.top_p, best, float("-inf"))
        rank = tf.argmax(best + noise[:, : best.shape[1]], axis=1, output_type=tf.int32)
        return tf.gather(order, rank, batch_dims=1)
