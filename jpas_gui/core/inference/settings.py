"""Settings of a training, as a TOML file gives them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from jpas_gui.core.errors import InputError
from jpas_gui.core.files import user_path
from jpas_gui.core.inference.parameters import PRIOR_LOG_AGE
from jpas_gui.core.inference.setting_rules import content_problems
from jpas_gui.core.photometry.noise import TYPICAL_APERTURE_FACTOR
from jpas_gui.core.photometry.noise_settings import survey_names
from jpas_gui.core.ssp.catalogue import known_libraries

PositiveInt = Annotated[int, Meta(ge=1, le=1_000_000)]
NaturalInt = Annotated[int, Meta(ge=0, le=1_000_000)]
Seed = Annotated[int, Meta(ge=0, le=4_294_967_295)]
Threads = Annotated[int, Meta(ge=0, le=1024)]
Width = Annotated[int, Meta(ge=1, le=16_384)]
Depth = Annotated[int, Meta(ge=1, le=100)]
PositiveFloat = Annotated[float, Meta(gt=0)]
NaturalFloat = Annotated[float, Meta(ge=0)]
Part = Annotated[float, Meta(ge=0, le=1)]
LogAge = Annotated[float, Meta(ge=0, le=11)]
ColourExcess = Annotated[float, Meta(ge=0, le=10)]
Magnitude = Annotated[float, Meta(ge=0, le=40)]
ApertureFactor = Annotated[float, Meta(gt=0, le=100)]
Redshift = Annotated[float, Meta(ge=0, le=10)]


class OptimiserSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a network is fitted: the table ``[training]``; `SETTING_NOTES` says what each setting is."""

    epochs: PositiveInt = 100
    batch_size: PositiveInt = 256
    learning_rate: PositiveFloat = 1e-3
    schedule: Literal["constant", "cosine"] = "constant"
    warm_up_steps: NaturalInt = 0
    weight_decay: NaturalFloat = 0.0
    gradient_clip: NaturalFloat = 0.0
    patience: NaturalInt = 0
    precision: Literal["float32", "bfloat16"] = "float32"
    threads: Threads = 0


class DataSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every sample of mocks is made from; `read_settings` makes the paths in it absolute."""

    libraries: Annotated[tuple[str, ...], Meta(min_length=1)] = ("popstar",)
    noise: str = "mini-JPAS"
    zero_point: bool = False
    dust_law: str = "calzetti"


class PaperData(DataSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The paper's sample: every model of the libraries at some E(B-V) and magnitudes."""

    log_age_range: tuple[LogAge, LogAge] = PRIOR_LOG_AGE
    ebv: Annotated[tuple[ColourExcess, ...], Meta(min_length=1)] = tuple(round(i / 9, 12) for i in range(10))
    magnitudes: Annotated[tuple[Magnitude, ...], Meta(min_length=1)] = tuple(16 + i / 2 for i in range(13))
    aperture_factor: ApertureFactor = TYPICAL_APERTURE_FACTOR
    one_magnitude: bool = False
    split: Literal["row", "model"] = "row"
    fresh_noise: bool = False


class PosteriorData(DataSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Mocks at continuous values of everything; the prior is uniform between both ends of each range."""

    weights: tuple[PositiveFloat, ...] = ()
    magnitude_range: tuple[Magnitude, Magnitude] = (16.0, 22.0)
    aperture_factor_range: tuple[ApertureFactor, ApertureFactor] = (1.0, 2.5)
    redshift_range: tuple[Redshift, Redshift] = (0.0, 0.5)
    n_redshifts: PositiveInt = 1024
    n_per_redshift: PositiveInt = 2048
    samples_per_epoch: Annotated[int, Meta(ge=1, le=1_000_000_000)] = 262_144
    band_dropout: Part = 0.3


class PosteriorNetworkSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Size of the network of the posterior preset."""

    width: Width = 384
    depth: Depth = 3
    gaussians: Annotated[int, Meta(ge=1, le=1000)] = 4


class PosteriorOptimiser(OptimiserSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`OptimiserSettings` with other defaults."""

    batch_size: PositiveInt = 512
    schedule: Literal["constant", "cosine"] = "cosine"
    warm_up_steps: NaturalInt = 300
    gradient_clip: NaturalFloat = 5.0


class PaperSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="preset", tag="paper"):
    """Settings of the preset ``paper``; its defaults are those of Dominguez Sanchez et al. (2025)."""

    seed: Seed = 1
    data: PaperData = PaperData()
    training: OptimiserSettings = OptimiserSettings()


class PosteriorSettings(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="preset", tag="posterior"
):
    """Settings of the preset ``posterior``."""

    seed: Seed = 1
    data: PosteriorData = PosteriorData()
    network: PosteriorNetworkSettings = PosteriorNetworkSettings()
    training: PosteriorOptimiser = PosteriorOptimiser()


TrainingSettings = PaperSettings | PosteriorSettings

PRESETS: Mapping[str, type[PaperSettings | PosteriorSettings]] = MappingProxyType(
    {"paper": PaperSettings, "posterior": PosteriorSettings}
)


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
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, too, and lists in lists in lists
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
    preset = PRESETS.get(str(content.get("preset", "")))
    if preset is None:
        raise InputError(f"{origin}: preset must be one of {', '.join(PRESETS)}")
    for problem in content_problems(content, preset):
        raise InputError(f"{origin}: {problem.in_file}")
    return _with_absolute_paths(msgspec.convert(content, preset), folder)


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


def _with_absolute_paths(settings: TrainingSettings, folder: Path) -> TrainingSettings:
    data = settings.data
    names = {entry.name for entry in known_libraries()}
    libraries = tuple(name if name in names else _absolute(name, folder) for name in data.libraries)
    noise = data.noise if data.noise in survey_names() else _absolute(data.noise, folder)
    return msgspec.structs.replace(settings, data=msgspec.structs.replace(data, libraries=libraries, noise=noise))


def _absolute(name: str, folder: Path) -> str:
    """Return the path from the folder where there is something, else the name itself, for the message that follows."""
    path = folder.absolute() / user_path(name)
    return str(path) if name.strip() and path.exists() else name
