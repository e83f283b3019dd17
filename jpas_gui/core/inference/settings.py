"""Settings of a training, as a TOML file gives them."""

import math
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import user_path
from jpas_gui.core.inference.parameters import PRIOR_LOG_AGE
from jpas_gui.core.photometry.noise import TYPICAL_APERTURE_FACTOR
from jpas_gui.core.photometry.noise_settings import survey_names
from jpas_gui.core.ssp.catalogue import known_libraries

PositiveInt = Annotated[int, Meta(ge=1)]
NaturalInt = Annotated[int, Meta(ge=0)]
PositiveFloat = Annotated[float, Meta(gt=0)]
NaturalFloat = Annotated[float, Meta(ge=0)]
Part = Annotated[float, Meta(ge=0, le=1)]


class OptimiserSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a network is fitted: the table ``[training]``.

    Parameters
    ----------
    epochs, batch_size : int
    learning_rate : float
        Of Adam; the highest one of the schedule.
    schedule : str
        ``"constant"``, or ``"cosine"``: falls to zero at the end of the last epoch.
    warm_up_steps : int
        Batches over which the learning rate rises to its full value.
    weight_decay : float
        Above zero, AdamW is used in place of Adam.
    gradient_clip : float
        Largest norm of the gradient of one network; 0: any.
    patience : int
        Stop after so many epochs without a better validation loss; 0: never.
    precision : str
        ``"bfloat16"``: inner products of hidden layers in half the bits.
    threads : int
        Of the processor; 0: one less than it has cores, which leaves one to the window.
    """

    epochs: PositiveInt = 100
    batch_size: PositiveInt = 256
    learning_rate: PositiveFloat = 1e-3
    schedule: Literal["constant", "cosine"] = "constant"
    warm_up_steps: NaturalInt = 0
    weight_decay: NaturalFloat = 0.0
    gradient_clip: NaturalFloat = 0.0
    patience: NaturalInt = 0
    precision: Literal["float32", "bfloat16"] = "float32"
    threads: NaturalInt = 0


class DataSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every sample of mocks is made from.

    Parameters
    ----------
    libraries : tuple of str
        Names or paths; `read_settings` makes paths absolute.
    noise : str
        A survey of the depths on record, or a file that ``jpas-gui noise calibrate`` wrote.
    zero_point : bool
        Add the zero-point error.
    dust_law : str
    """

    libraries: Annotated[tuple[str, ...], Meta(min_length=1)] = ("popstar",)
    noise: str = "mini-JPAS"
    zero_point: bool = False
    dust_law: str = "calzetti"


class PaperData(DataSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The paper's sample: every model of the libraries at some E(B-V) and magnitudes.

    Parameters
    ----------
    log_age_range : tuple of float
        Which ages of the libraries are taken.
    ebv : tuple of float
        E(B-V), mag.
    magnitudes : tuple of float
        AB magnitudes in iSDSS.
    aperture_factor : float
        For depths: sqrt(aperture area / area of 3 arcsec).
    one_magnitude : bool
        Every band has the relative error that it has at the mock's magnitude in iSDSS.
    split : str
        Which mocks train (64%), validate (16%) and test (20%): drawn row by row as in the paper (``"row"``), or all
        mocks of an SSP model together (``"model"``), so that no model is both trained on and tested.
    fresh_noise : bool
        Draw the noise of the training mocks anew in every epoch.
    """

    log_age_range: tuple[float, float] = PRIOR_LOG_AGE
    ebv: Annotated[tuple[NaturalFloat, ...], Meta(min_length=1)] = tuple(round(i / 9, 12) for i in range(10))
    magnitudes: Annotated[tuple[float, ...], Meta(min_length=1)] = tuple(16 + i / 2 for i in range(13))
    aperture_factor: PositiveFloat = TYPICAL_APERTURE_FACTOR
    one_magnitude: bool = False
    split: Literal["row", "model"] = "row"
    fresh_noise: bool = False


class PosteriorData(DataSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Mocks at continuous values of everything.

    Parameters
    ----------
    weights : tuple of float
        Part of each library in the mixture, of any sum; empty: all alike.
    magnitude_range, aperture_factor_range, redshift_range : tuple of float
        The prior is uniform between both.
    n_redshifts, n_per_redshift : int
        Of the pool of noise-free mocks: number of redshifts, and of mocks at each.
    samples_per_epoch : int
        Mocks that are taken from the pool in an epoch, each with a magnitude, an aperture and noise of its own.
    band_dropout : float
        Largest part of the bands that a mock may lack; half of the mocks lack none.
    """

    weights: tuple[PositiveFloat, ...] = ()
    magnitude_range: tuple[float, float] = (16.0, 22.0)
    aperture_factor_range: tuple[PositiveFloat, PositiveFloat] = (1.0, 2.5)
    redshift_range: tuple[NaturalFloat, NaturalFloat] = (0.0, 0.5)
    n_redshifts: PositiveInt = 1024
    n_per_redshift: PositiveInt = 2048
    samples_per_epoch: PositiveInt = 262_144
    band_dropout: Part = 0.3


class PosteriorNetworkSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Size of the network of the posterior preset.

    Parameters
    ----------
    width, depth : int
        Units of a hidden layer, and number of hidden layers.
    gaussians : int
        Of the mixture around each of its two starting points.
    """

    width: PositiveInt = 384
    depth: PositiveInt = 3
    gaussians: PositiveInt = 4


class PosteriorOptimiser(OptimiserSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`OptimiserSettings` with other defaults."""

    batch_size: PositiveInt = 512
    schedule: Literal["constant", "cosine"] = "cosine"
    warm_up_steps: NaturalInt = 300
    gradient_clip: NaturalFloat = 5.0


class PaperSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="preset", tag="paper"):
    """Settings of the preset ``paper``; its defaults are those of Dominguez Sanchez et al. (2025)."""

    seed: NaturalInt = 1
    data: PaperData = PaperData()
    training: OptimiserSettings = OptimiserSettings()


class PosteriorSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="preset", tag="posterior"
):
    """Settings of the preset ``posterior``."""

    seed: NaturalInt = 1
    data: PosteriorData = PosteriorData()
    network: PosteriorNetworkSettings = PosteriorNetworkSettings()
    training: PosteriorOptimiser = PosteriorOptimiser()


TrainingSettings = PaperSettings | PosteriorSettings

_PRESETS: dict[str, type[PaperSettings | PosteriorSettings]] = {"paper": PaperSettings, "posterior": PosteriorSettings}


def read_settings(path: Path) -> TrainingSettings:
    """Read the settings of a training from a TOML file.

    Relative paths in it count from its folder.

    Raises
    ------
    InputError
        If it cannot be read, has a key that does not exist, or a value that cannot be used; the message names both.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    except UnicodeError as error:
        raise InputError(f"{path}: not a text file") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not TOML ({error})") from error
    return settings_from(content, str(path), path.parent)


def settings_from(content: dict[str, Any], origin: str, folder: Path) -> TrainingSettings:
    """Return the settings of parsed TOML.

    Parameters
    ----------
    content : dict
    origin : str
        The file's name, for messages.
    folder : Path
        Where relative paths count from.

    Raises
    ------
    InputError
        As `read_settings`.
    """
    preset = _PRESETS.get(str(content.get("preset", "")))
    if preset is None:
        raise InputError(f"{origin}: preset must be one of {', '.join(_PRESETS)}")
    try:
        settings = msgspec.convert(content, preset)
    except msgspec.ValidationError as error:
        raise InputError(f"{origin}: {_said(error, preset)}") from error
    _check(settings, origin)
    return _with_absolute_paths(settings, folder)


def settings_record(settings: TrainingSettings) -> dict[str, Any]:
    """Return the settings as plain data for files: a path only by its last part, since others have other folders."""
    record: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(settings))
    data = record["data"]
    data["libraries"] = [Path(name).name for name in data["libraries"]]
    data["noise"] = Path(data["noise"]).name
    return record


def settings_of_record(record: Mapping[str, Any], origin: str) -> TrainingSettings:
    """Return the settings that `settings_record` wrote; what else there is in the record is left out.

    Raises
    ------
    InputError
        If they cannot be used.
    """
    known = {key: record[key] for key in ("preset", "seed", "data", "network") if key in record}
    return settings_from(known, origin, Path())


def _said(error: msgspec.ValidationError, preset: type) -> str:
    """Return what is wrong in the words of TOML."""
    what, _, place = str(error).partition(" - at `$")
    key = place.rstrip("`").lstrip(".")
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", what)
    if unknown:
        return f"unknown key {'.'.join(filter(None, (key, unknown[1])))}"
    choices = _choices(preset, key.split("."))
    return f"{key}: {what.replace('`', '')}" + (f": choose one of {', '.join(choices)}" if choices else "")


def _choices(settings: Any, keys: list[str]) -> tuple[str, ...]:
    for key in keys:
        settings = get_type_hints(settings).get(key) if isinstance(settings, type) else None
    return get_args(settings) if get_origin(settings) is Literal else ()


def _check(settings: TrainingSettings, origin: str) -> None:
    """Check what types do not say."""
    for table in ("data", "training"):
        for key, value in msgspec.structs.asdict(getattr(settings, table)).items():
            numbers = value if isinstance(value, tuple) else (value,)
            if any(isinstance(number, float) and not math.isfinite(number) for number in numbers):
                raise InputError(f"{origin}: {table}.{key}: nan and inf are no values for it")
    data = settings.data
    if isinstance(data, PosteriorData) and data.weights and len(data.weights) != len(data.libraries):
        raise InputError(f"{origin}: data.weights has {len(data.weights)} numbers for {len(data.libraries)} libraries")
    if len(set(data.libraries)) < len(data.libraries):
        raise InputError(f"{origin}: data.libraries has a library twice")
    for key in data.__struct_fields__:
        low_high = getattr(data, key)
        if key.endswith("_range") and not low_high[0] <= low_high[1]:
            raise InputError(f"{origin}: data.{key}: {low_high[0]:g} is above {low_high[1]:g}")


def _with_absolute_paths(settings: TrainingSettings, folder: Path) -> TrainingSettings:
    data = settings.data
    names = {entry.name for entry in known_libraries()}
    libraries = tuple(name if name in names else _absolute(name, folder) for name in data.libraries)
    noise = data.noise if data.noise in survey_names() else _absolute(data.noise, folder)
    return msgspec.structs.replace(settings, data=msgspec.structs.replace(data, libraries=libraries, noise=noise))


def _absolute(name: str, folder: Path) -> str:
    """Return the path from the folder where there is something, else the name itself, for the message that follows."""
    path = folder.absolute() / user_path(name)
    return str(path) if path.exists() else name
