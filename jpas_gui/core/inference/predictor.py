"""Answers of trained models: photometry in, log_age, metallicity and ebv with their uncertainties out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from safetensors.torch import save

from jpas_gui.core.arrays import BoolArray, FloatArray, IndexArray
from jpas_gui.core.errors import InputError
from jpas_gui.core.flags import Flag, is_poor_fit
from jpas_gui.core.inference.bundle import ModelBundle, find_bundle
from jpas_gui.core.inference.colour_fit import ColourFit
from jpas_gui.core.inference.density import GaussianMixture, PriorBox
from jpas_gui.core.inference.domain import FeatureDomain
from jpas_gui.core.inference.paper_network import PaperNetwork, paper_features
from jpas_gui.core.inference.parameters import PARAMETERS
from jpas_gui.core.inference.posterior_network import NetworkShape, PosteriorNetwork
from jpas_gui.core.inference.prior_edges import edge_words, edges_reached
from jpas_gui.core.inference.refusals import bands_words, redshift_words

PERCENTILES = (16.0, 50.0, 84.0)

_CHUNK = 1024
"""Galaxies that are answered at once: what the layers hold of them fits the processor's cache."""


@dataclass(frozen=True, eq=False)
class Photometry:
    """Observed galaxies.

    Parameters
    ----------
    flux_nu, flux_nu_error : ndarray, shape (n, n_bands)
        Nanomaggies, in the bands of the model.
    mask : ndarray of bool, shape (n, n_bands)
        True where a band is usable.
    redshift : ndarray, shape (n,)

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """

    flux_nu: FloatArray
    flux_nu_error: FloatArray
    mask: BoolArray
    redshift: FloatArray

    def __post_init__(self) -> None:
        shape = self.flux_nu.shape
        if not (shape == self.flux_nu_error.shape == self.mask.shape and self.redshift.shape == shape[:1]):
            raise ValueError("flux_nu, flux_nu_error and mask need one shape, redshift one value for each galaxy")

    def __len__(self) -> int:
        return len(self.flux_nu)

    def rows(self, which: slice | IndexArray) -> "Photometry":
        """Return some of the galaxies."""
        return Photometry(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True, eq=False)
class Prediction:
    """Answers for n galaxies, parameters in the order of `PARAMETERS`; NaN where there is no answer.

    Parameters
    ----------
    point : ndarray, shape (n, 3)
        The median, or what a network without a posterior says.
    percentiles : ndarray, shape (n, 3, 3)
        `PERCENTILES` on the last axis; NaN from a network without a posterior.
    n_bands : ndarray of int, shape (n,)
        Number of bands that were used.
    chi2 : ndarray, shape (n,)
        Of the nearest SED of the libraries; NaN from a network that knows none.
    distance : ndarray, shape (n,)
        Of the features from those of mocks, which have about 1.
    flag : ndarray of int, shape (n,)
        Bits of `core.flags.Flag`.
    """

    point: FloatArray
    percentiles: FloatArray
    n_bands: IndexArray
    chi2: FloatArray
    distance: FloatArray
    flag: IndexArray


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws from the posteriors of n galaxies.

    Parameters
    ----------
    samples : ndarray, shape (n, n_draws, 3)
    best : ndarray, shape (n, 3)
        The most probable of them, by the density of the stretched parameters.
    """

    samples: FloatArray
    best: FloatArray


@dataclass(frozen=True, eq=False)
class _Galaxies:
    """A chunk of photometry on the device, in double precision; what is masked holds harmless numbers."""

    flux: torch.Tensor
    error: torch.Tensor
    mask: torch.Tensor
    redshift: torch.Tensor


@dataclass(frozen=True, eq=False)
class _Answers:
    """What a network says of a chunk; without a posterior there is no mixture."""

    point: torch.Tensor
    percentiles: torch.Tensor
    chi2: torch.Tensor
    features: torch.Tensor
    mixture: GaussianMixture | None = None


class _Preset(Protocol):
    """A network, as the predictor asks it."""

    @property
    def network(self) -> torch.nn.Module:
        """The network."""

    def answer(self, galaxies: _Galaxies) -> _Answers:
        """Return what the network says."""

    def mixture(self, galaxies: _Galaxies) -> GaussianMixture | None:
        """Return the posterior of the stretched parameters, or None without one."""

    @property
    def box(self) -> PriorBox | None:
        """The prior, which stretches the parameters; None without a posterior."""


class _Paper:
    """The paper's networks: a point each."""

    def __init__(self, bundle: ModelBundle, weights: dict[str, torch.Tensor]) -> None:
        self.network = PaperNetwork()
        self.network.load_state_dict(weights)
        self._scale = torch.tensor(bundle.description["targets"]["scale"])

    def answer(self, galaxies: _Galaxies) -> _Answers:
        features = paper_features(galaxies.flux.float())
        point = self.network(features) * self._scale.to(features.device)
        nothing = torch.full_like(point, torch.nan)
        return _Answers(point, nothing[..., None].expand(-1, -1, len(PERCENTILES)), nothing[:, 0], features)

    def mixture(self, galaxies: _Galaxies) -> None:
        return None

    @property
    def box(self) -> None:
        return None


class _Posterior:
    """The posterior network: a density each."""

    def __init__(self, bundle: ModelBundle, weights: dict[str, torch.Tensor]) -> None:
        self.network = PosteriorNetwork(NetworkShape(**bundle.description["network"]))
        self.network.load_state_dict(weights)
        # chi2 of a bright galaxy is a small difference of large numbers: in single precision it, and with it the
        # populations that are looked at, would depend on which galaxies are multiplied together.
        self.network.double()

    def answer(self, galaxies: _Galaxies) -> _Answers:
        mixture, fit, _ = self._ask(galaxies)
        level = torch.tensor(PERCENTILES, dtype=galaxies.flux.dtype, device=galaxies.flux.device) / 100
        percentiles = self.box.relax(mixture.quantiles(level).transpose(1, 2)).transpose(1, 2)
        chi2 = fit.misfit * galaxies.mask.sum(dim=1) + fit.chi2
        return _Answers(percentiles[..., 1], percentiles, chi2, fit.coefficients, mixture)

    def mixture(self, galaxies: _Galaxies) -> GaussianMixture:
        return self._ask(galaxies)[0]

    @property
    def box(self) -> PriorBox:
        return self.network.box

    def _ask(self, galaxies: _Galaxies) -> tuple[GaussianMixture, ColourFit, torch.Tensor]:
        return self.network.forward(galaxies.flux, galaxies.error, galaxies.mask, galaxies.redshift)


class Predictor:
    """A trained model that answers, and knows what it cannot answer.

    Parameters
    ----------
    bundle : ModelBundle
    device : str
        Of torch.

    Raises
    ------
    InputError
        If the numbers of the bundle do not belong to a network of its preset.
    """

    def __init__(self, bundle: ModelBundle, device: str = "cpu") -> None:
        self.bundle = bundle
        self._device = torch.device(device)
        weights = {name: tensor.to(self._device) for name, tensor in bundle.weights.items()}
        try:
            self._domain = FeatureDomain.from_tensors(weights)
            preset = _Paper if bundle.preset == "paper" else _Posterior
            self._preset: _Preset = preset(bundle, weights)
            self._limits = dict(bundle.description["domain"])
            self.bands = tuple(bundle.description["bands"])
        except (KeyError, TypeError, RuntimeError) as error:
            raise InputError(f"{bundle.name}: damaged model, its numbers and its description do not fit") from error
        self._preset.network.to(self._device).eval()

    @classmethod
    def load(cls, name_or_folder: str | Path, device: str = "cpu") -> "Predictor":
        """Return the predictor of a shipped model or of a bundle's folder.

        Raises
        ------
        InputError
            As `find_bundle`.
        """
        return cls(find_bundle(name_or_folder), device)

    @property
    def name(self) -> str:
        """Of the model."""
        return self.bundle.name

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the model's weights, the same that its description has."""
        return hashlib.sha256(save(dict(self.bundle.weights))).hexdigest()

    def provenance(self) -> dict[str, Any]:
        """Return name, weights, libraries and citations, as plain data."""
        described = self.bundle.description
        return {
            "name": self.name,
            "preset": self.bundle.preset,
            "weights_sha256": self.sha256,
            "libraries": [library.get("name", "") for library in described.get("libraries", ())],
            "citations": list(described.get("citations", ())),
        }

    def check_request(self, bands: Sequence[str], redshift: FloatArray) -> None:
        """Refuse what the model cannot do for any galaxy, before work begins.

        Parameters
        ----------
        bands : sequence of str
            What the photometry has.
        redshift : ndarray
            Of all galaxies.

        Raises
        ------
        InputError
            If the photometry lacks bands that the model cannot do without, has bands that it does not know, or no
            galaxy lies within its redshifts.
        """
        name = self.name
        unknown = [band for band in bands if band not in self.bands]
        if unknown:
            raise InputError(f"{name} was not trained on {', '.join(unknown)}: leave out what it does not know")
        missing = [band for band in self.bands if band not in bands]
        if len(bands) < self._limits["min_bands"]:
            shown = ", ".join(missing[:5]) + (" ..." if len(missing) > 5 else "")
            raise InputError(f"{name} needs {self._limits['min_bands']} bands or more; there is no {shown}")
        low, high = self._limits["redshift"]
        redshift = np.asarray(redshift, dtype=float)
        if redshift.size and not ((redshift >= low) & (redshift <= high)).any():
            raise InputError(
                f"{name} was trained on redshifts {low:g} to {high:g}, not on {float(np.nanmin(redshift)):g}: "
                "choose another model"
            )

    @torch.no_grad()
    def predict(self, photometry: Photometry) -> Prediction:
        """Return the answers, in chunks; every galaxy gets a row."""
        parts = [self._predict_chunk(chunk)[0] for chunk in self._chunks(photometry)]
        if not parts:
            return _no_prediction()
        return Prediction(*(np.concatenate([getattr(p, field.name) for p in parts]) for field in fields(Prediction)))

    @torch.no_grad()
    def ranks(self, photometry: Photometry, truth: FloatArray) -> FloatArray | None:
        """Return the probability below the true parameters, shape (n, 3); None from a model without a posterior."""
        box = self._preset.box
        if box is None:
            return None
        parts, start = [], 0
        for chunk in self._chunks(photometry):
            own = torch.as_tensor(truth[start : start + len(chunk)], dtype=torch.float64, device=self._device)
            mixture = self._preset.mixture(self._on_device(chunk))
            assert mixture is not None  # as there is a prior
            parts.append(mixture.cumulative(box.stretch(own)).cpu().numpy())
            start += len(chunk)
        return np.concatenate(parts)

    @torch.no_grad()
    def samples(self, photometry: Photometry, n: int, seed: int) -> FloatArray | None:
        """Return n draws from each posterior, shape (n_galaxies, n, 3); None from a model without a posterior."""
        draws = self._draws(self._preset.mixture(self._on_device(photometry)), n, seed)
        return None if draws is None else draws.samples

    @torch.no_grad()
    def predict_and_sample(self, photometry: Photometry, n: int, seed: int) -> tuple[Prediction, Draws | None]:
        """Return what `predict` does and draws, of not many galaxies, in little more than the time of one."""
        prediction, answers = self._predict_chunk(photometry)
        return prediction, self._draws(answers.mixture, n, seed)

    def why_not(self, photometry: Photometry) -> tuple[str, ...]:
        """Return why there is no answer for one galaxy, a clause each: the bands and the redshift that it lacks."""
        usable = self._on_device(photometry).mask[0].bool().cpu().numpy()
        low, high = self._limits["redshift"]
        words = (
            bands_words(self.bands, usable, self._limits["min_bands"]),
            redshift_words(float(photometry.redshift[0]), low, high),
        )
        return tuple(text for text in words if text)

    def edges(self, prediction: Prediction, row: int = 0) -> tuple[str, ...]:
        """Return at which ends of the prior the posterior of a galaxy piles up, a clause each."""
        box = self._preset.box
        if box is None:
            return ()
        ends = box.low.double().cpu().numpy(), box.high.double().cpu().numpy()
        return edge_words(edges_reached(prediction.percentiles[row : row + 1], *ends)[0], *ends)

    def _draws(self, mixture: GaussianMixture | None, n: int, seed: int) -> Draws | None:
        box = self._preset.box
        if mixture is None or box is None:
            return None
        random = torch.Generator(self._device).manual_seed(seed)
        stretched = mixture.sample(n, random)
        best = stretched[torch.arange(len(stretched)), mixture.log_density(stretched).argmax(dim=1)]
        return Draws(*(box.relax(values).cpu().numpy() for values in (stretched, best)))

    def _chunks(self, photometry: Photometry) -> list[Photometry]:
        return [photometry.rows(slice(start, start + _CHUNK)) for start in range(0, len(photometry), _CHUNK)]

    def _on_device(self, photometry: Photometry) -> _Galaxies:
        def tensor(values: FloatArray | BoolArray) -> torch.Tensor:
            return torch.as_tensor(values).to(self._device, torch.float64)

        flux, error = tensor(photometry.flux_nu), tensor(photometry.flux_nu_error)
        usable = tensor(photometry.mask).bool() & flux.isfinite() & error.isfinite() & (error > 0)
        low, high = self._limits["redshift"]
        redshift = tensor(photometry.redshift).nan_to_num(low).clamp(low, high)
        return _Galaxies(torch.where(usable, flux, 0.0), torch.where(usable, error, 1.0), usable.double(), redshift)

    def _predict_chunk(self, photometry: Photometry) -> tuple[Prediction, _Answers]:
        galaxies = self._on_device(photometry)
        n_bands = galaxies.mask.sum(dim=1).cpu().numpy().astype(np.intp)
        flag = self._asked_in_vain(n_bands, photometry.redshift)
        unanswered = flag != 0
        answers = self._preset.answer(galaxies)
        distance = self._domain.distance(answers.features)
        flag |= self._suspicious(galaxies, distance)

        def array(values: torch.Tensor) -> FloatArray:
            result = values.double().cpu().numpy().copy()
            result[unanswered] = np.nan
            return result

        prediction = Prediction(
            array(answers.point), array(answers.percentiles), n_bands, array(answers.chi2), array(distance), flag
        )
        # Of good mocks, too, a model may miss the nearest SED: as far as it does that, chi2 says nothing.
        missed = self._limits.get("chi2_per_band", 0.0) * n_bands
        flag |= np.where(is_poor_fit(prediction.chi2, n_bands) & (prediction.chi2 > missed), Flag.CHI2, 0)
        return prediction, answers

    def _asked_in_vain(self, n_bands: IndexArray, redshift: FloatArray) -> IndexArray:
        low, high = self._limits["redshift"]
        flag = np.where(n_bands < self._limits["min_bands"], Flag.BANDS, 0)
        return np.asarray(flag | np.where((redshift >= low) & (redshift <= high), 0, Flag.REDSHIFT), dtype=np.intp)

    def _suspicious(self, galaxies: _Galaxies, distance: torch.Tensor) -> IndexArray:
        """Return flags of answers that lie outside what the model was trained on."""
        faintest, brightest = self._limits["median_flux_nu"]
        typical = torch.where(galaxies.mask > 0, galaxies.flux, torch.nan).nanmedian(dim=1).values
        flag = torch.where((typical > brightest) | (typical < faintest), int(Flag.MAGNITUDE), 0)
        flag |= torch.where(distance > self._domain.largest, int(Flag.DISTANCE), 0)
        return flag.cpu().numpy().astype(np.intp)


def _no_prediction() -> Prediction:
    n = len(PARAMETERS)
    none, whole = np.empty(0), np.empty(0, dtype=np.intp)
    return Prediction(np.empty((0, n)), np.empty((0, n, len(PERCENTILES))), whole, none, none, whole)
