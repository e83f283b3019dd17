"""The optimiser of a training: Adam, its learning rate, and its state as named tensors."""

import math

import torch

from jpas_gui.core.inference.settings import OptimiserSettings


class Optimiser:
    """Adam, or AdamW where weights decay, with a learning rate for every step.

    Parameters
    ----------
    network : torch.nn.Module
    settings : OptimiserSettings
    n_steps : int
        Of the whole training.
    """

    def __init__(self, network: torch.nn.Module, settings: OptimiserSettings, n_steps: int) -> None:
        self._settings, self._n_steps = settings, n_steps
        kind = torch.optim.AdamW if settings.weight_decay else torch.optim.Adam
        # Fused: one pass over all weights instead of a dozen.
        self._adam = kind(
            network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )

    def step(self, number: int) -> None:
        """Change the weights against the gradients, which are then gone.

        Parameters
        ----------
        number : int
            Steps that were done before, in all epochs.
        """
        for group in self._adam.param_groups:
            group["lr"] = self.learning_rate(number)
        self._adam.step()
        self._adam.zero_grad(set_to_none=True)

    def learning_rate(self, number: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        settings = self._settings
        rate = settings.learning_rate
        if number < settings.warm_up_steps:
            rate *= (number + 1) / settings.warm_up_steps
        elif settings.schedule == "cosine":
            part = (number - settings.warm_up_steps) / max(1, self._n_steps - settings.warm_up_steps)
            rate *= (1 + math.cos(math.pi * part)) / 2
        return rate

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return the state: of every parameter by its number, the step and the moments of its gradient."""
        state = self._adam.state_dict()["state"]
        return {f"{number}/{name}": tensor for number, own in state.items() for name, tensor in own.items()}

    def load_tensors(self, tensors: dict[str, torch.Tensor]) -> None:
        """Take up a state that `tensors` returned."""
        state: dict[int, dict[str, torch.Tensor]] = {}
        for key, tensor in tensors.items():
            number, _, name = key.partition("/")
            state.setdefault(int(number), {})[name] = tensor
        self._adam.load_state_dict({"state": state, "param_groups": self._adam.state_dict()["param_groups"]})
