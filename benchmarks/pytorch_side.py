"""What all sides that compute with PyTorch have in common."""

import torch


class PytorchSide:
    """A side of a benchmark (see benchmarks.worker); a subclass sets `how` and has `work`."""

    how: str  # what a reader of the figures must know about the way it computes

    @staticmethod
    def use_threads(threads: int) -> None:
        """Compute with so many threads; 0: PyTorch's own choice, one a physical core."""
        if threads:
            torch.set_num_threads(threads)

    def facts(self) -> dict:
        """What a reader of the figures must know about this side."""
        return {
            "version": f"PyTorch {torch.__version__}",
            "threads": torch.get_num_threads(),
            "how": self.how,
        }
