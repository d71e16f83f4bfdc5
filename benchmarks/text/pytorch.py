"""The same character model in PyTorch, written as a good PyTorch user would write it.

Layers, loss, optimizer, clipping and carried state are those of lstm_text/; a test gives both the
same weights and batches and finds the same losses, gradients and updated weights. nn.LSTM has two
biases where Keras has one; the second stays zero here, since Adam would move their sum twice as
fast. One difference remains and costs no time: Adam's epsilon (Keras adds it before the bias
correction, PyTorch after it).
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from benchmarks.sides import PytorchSide
from benchmarks.text.task import layer_count, rounds_of
from lstm_text.config import TextSettings

ADAM_EPSILON = 1e-7  # Keras's default

States = tuple[torch.Tensor, torch.Tensor]  # hidden and cell (layers, batch, units)


class PytorchCharacters(nn.Module):
    """Embedding, nn.LSTM of several layers, Linear.

    Args:
      arrays: the weights (see benchmarks.text.task), which also say all sizes.
    """

    def __init__(self, arrays: dict[str, np.ndarray]):
        super().__init__()
        layers, units = layer_count(arrays), len(arrays["recurrent_kernel_0"])
        self.embedding = nn.Embedding(*arrays["embedding"].shape)
        self.lstm = nn.LSTM(self.embedding.embedding_dim, units, num_layers=layers)
        self.head = nn.Linear(units, len(arrays["head_bias"]))
        copies = {
            "embedding.weight": arrays["embedding"],
            "head.weight": arrays["head_kernel"].T,
            "head.bias": arrays["head_bias"],
        }
        for layer in range(layers):  # gates in the same order; a kernel is stored (out, in)
            copies |= {
                f"lstm.weight_ih_l{layer}": arrays[f"kernel_{layer}"].T,
                f"lstm.weight_hh_l{layer}": arrays[f"recurrent_kernel_{layer}"].T,
                f"lstm.bias_ih_l{layer}": arrays[f"bias_{layer}"],
                f"lstm.bias_hh_l{layer}": np.zeros(4 * units, np.float32),
            }
            getattr(self.lstm, f"bias_hh_l{layer}").requires_grad_(False)
        state = {name: torch.from_numpy(value.copy()) for name, value in copies.items()}
        self.load_state_dict(state)

    def forward(self, codes: torch.Tensor, states: States | None) -> tuple[torch.Tensor, States]:
        """Codes (time, batch) -> logits (time, batch, vocabulary), states after the last one."""
        values, states = self.lstm(self.embedding(codes), states)
        return self.head(values), states


class PytorchTraining(PytorchSide):
    """Trains PytorchCharacters.

    Args:
      settings: "text": of lstm_text.config.TextSettings; "steps": of a round.
      arrays: "text": codes (1, characters), and the weights.
    """

    how = "eager, AdamW(fused=True)"

    def __init__(self, settings: dict, arrays: dict[str, np.ndarray]):
        self.settings = TextSettings(**settings["text"])
        self.rounds = rounds_of(arrays["text"], self.settings, settings["steps"])
        self.model = PytorchCharacters(arrays)
        trained = [(n, w) for n, w in self.model.named_parameters() if w.requires_grad]
        self.weights = [weight for _, weight in trained]
        biases = [weight for name, weight in trained if "bias" in name]
        others = [weight for name, weight in trained if "bias" not in name]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": others, "weight_decay": self.settings.weight_decay},
                {"params": biases, "weight_decay": 0.0},
            ],
            self.settings.learning_rate,
            betas=(0.9, 0.999),
            eps=ADAM_EPSILON,
            fused=True,  # one pass over each weight
        )
        self.states = None  # zeros

    def work(self) -> dict:
        """One round of steps, and their mean loss in nats a character."""
        inputs, targets = next(self.rounds)
        losses = []
        for codes, following in zip(inputs, targets, strict=True):
            # (batch, time) to (time, batch): nn.LSTM's own order
            pair = (torch.from_numpy(each.T.copy()) for each in (codes, following))
            losses.append(self.train_step(*pair))
        return {"units": targets.size, "measured": {"loss": float(torch.stack(losses).mean())}}

    def train_step(self, inputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """One step of truncated back-propagation through time; the mean loss.

        Args:
          inputs, targets: int32 (time, batch).
        """
        logits, states = self.model(inputs, self.states)
        self.states = tuple(each.detach() for each in states)
        loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten().long())
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.weights, self.settings.gradient_clip)
        self.optimizer.step()
        return loss.detach()
