"""What predicts catalogues: a trained model, or the exact posterior under a library; torch is imported on loading."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from jpas_gui.core.arrays import FloatArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import user_path
from jpas_gui.core.inference.known_models import find_model
from jpas_gui.core.inference.shipped import shipped_models
from jpas_gui.core.ssp.catalogue import known_libraries

if TYPE_CHECKING:
    from jpas_gui.core.inference.predictor import Photometry, Prediction

EXACT = "exact"
"""The name of the exact posterior among the models."""

_LIBRARY = "popstar"

CHUNK = 32_768
"""Galaxies in a part of a run of a trained model."""

_EXACT_CHUNK = 128
"""The same of the exact posterior, which takes some hundred times as long."""


class CatalogueModel(Protocol):
    """A model, as those ask it who predict catalogues."""

    @property
    def name(self) -> str:
        """For messages."""

    @property
    def bands(self) -> tuple[str, ...]:
        """The bands that it takes, in its order."""

    @property
    def sha256(self) -> str:
        """Of all that decides on its answers, but for the program."""

    def check_request(self, bands: Sequence[str], redshift: FloatArray) -> None:
        """Refuse, by an `InputError`, what it cannot do for any galaxy, before work begins."""

    def predict(self, photometry: "Photometry") -> "Prediction":
        """Return the answers; every galaxy gets a row."""

    def why_not(self, photometry: "Photometry") -> tuple[str, ...]:
        """Return why there is no answer for one galaxy, a clause each."""

    def provenance(self) -> dict[str, Any]:
        """Return what the model is, as plain data."""


@dataclass(frozen=True)
class ModelChoice:
    """Which model is to predict: workers elsewhere load it, too.

    Parameters
    ----------
    name : str
        `EXACT`, the name of a model that the program knows, or the folder of one.
    library : str, optional
        Name or path of the library of the exact posterior: the embedded PopStar by default.

    Raises
    ------
    InputError
        If a trained model is to have another library.
    """

    name: str
    library: str | None = None

    def __post_init__(self) -> None:
        if self.library is not None and self.name != EXACT:
            raise InputError(
                f"--library {self.library}: {self.name} was trained on its own libraries; --library goes with "
                f"--model {EXACT}"
            )

    @property
    def chunk(self) -> int:
        """Galaxies in a part, where nobody says: some seconds' work."""
        return _EXACT_CHUNK if self.name == EXACT else CHUNK

    def load(self) -> CatalogueModel:
        """Return the model.

        Raises
        ------
        InputError
            If there is none, it is damaged, or the library cannot be read or used.
        """
        if self.name == EXACT:
            from jpas_gui.core.inference.exact.predictor import ExactPredictor

            return ExactPredictor.load(self.library or _LIBRARY)
        from jpas_gui.core.inference.predictor import Predictor

        return Predictor.load(self.name)

    def for_workers(self) -> "ModelChoice":
        """Return the same choice as workers find it, whatever folder they run in."""
        if self.name != EXACT:
            return self if self.name in shipped_models() else replace(self, name=str(find_model(self.name).resolve()))
        if self.library is None or self.library in {entry.name for entry in known_libraries()}:
            return self
        return replace(self, library=_absolute(self.library))


def _absolute(path: str) -> str:
    return str(user_path(path).resolve())
