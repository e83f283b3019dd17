"""The state of a session: frozen dataclasses, to and from versioned JSON.

One state object owns every value that the window shows; views never do.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import msgspec

from jpas_gui.app.degeneracy_options import DegeneracySettings
from jpas_gui.app.source_list import ListOptions
from jpas_gui.core.catalogues.opening import OpeningOptions
from jpas_gui.core.damage import damage_told
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import replacing
from jpas_gui.core.photometry.noise_settings import NoiseSettings
from jpas_gui.core.populations import StellarPopulation

SESSION_VERSION = 1

MAX_SEED = 999_999

FAN_MAGNITUDES = (16.0, 18.0, 20.0, 21.0, 22.0)
"""The magnitudes at which the fan shows the present population."""


DEFAULT_MODELS = ("paper-popstar", "posterior-popstar")
"""The models that predict what the explorer shows."""


class Quantity(StrEnum):
    """What the vertical axis of the SED shows."""

    FLUX_NU = "flux_nu"
    MAGNITUDE = "magnitude"


class Frame(StrEnum):
    """Whose wavelengths the horizontal axis shows."""

    OBSERVED = "observed"
    REST = "rest"


class ResidualUnit(StrEnum):
    """In what residuals are shown."""

    SIGMA = "sigma"
    MAGNITUDE = "magnitude"


class BandColours(StrEnum):
    """How bands are coloured by wavelength."""

    SURVEY = "survey"
    SAFE = "colour-blind safe"


@dataclass(frozen=True)
class DustSettings:
    """The dust screen: name of the law, and R_V (None: the law's own)."""

    law: str = "calzetti"
    r_v: float | None = None


@dataclass(frozen=True)
class Model:
    """Everything that decides an SED without noise."""

    library: str = "popstar"
    population: StellarPopulation = field(default_factory=StellarPopulation)
    dust: DustSettings = field(default_factory=DustSettings)


@dataclass(frozen=True)
class Pin:
    """An SED kept to compare with. `number` gives it a colour and a name that stay when others go."""

    number: int
    model: Model


@dataclass(frozen=True)
class ViewOptions:
    """What is shown, and how."""

    quantity: Quantity = Quantity.FLUX_NU
    frame: Frame = Frame.OBSERVED
    band_colours: BandColours = BandColours.SURVEY
    noisy_draw: bool = True
    error_bars: bool = True
    spectrum: bool = True
    broad_bands: bool = False
    filter_curves: bool = False
    features: bool = True
    fan: bool = False
    predictions: bool = True
    predicted_seds: bool = True
    residuals: bool = True
    residual_unit: ResidualUnit = ResidualUnit.SIGMA
    models: tuple[str, ...] = DEFAULT_MODELS
    """Names of shipped models, or folders: those that predict."""


@dataclass(frozen=True)
class ExplorerState:
    """What the explorer's sliders say: the part of a session that undo and redo go through."""

    model: Model = field(default_factory=Model)
    noise: NoiseSettings = field(default_factory=NoiseSettings)
    seed: int = 1
    pins: tuple[Pin, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= MAX_SEED:
            raise InputError(f"seed {self.seed} is outside 0 to {MAX_SEED}")
        if len({pin.number for pin in self.pins}) < len(self.pins):
            raise InputError("two pins have the same number")


@dataclass(frozen=True)
class LibraryFile:
    """A library of the session that is not embedded: where it lies and the SHA-256 of its numbers."""

    name: str
    path: str
    variant: str
    numbers_sha256: str


@dataclass(frozen=True)
class UsedFile:
    """A file or folder of the session, and the SHA-256 of its content."""

    path: str
    sha256: str


@dataclass(frozen=True)
class OpenCatalogue:
    """The catalogue of observed galaxies that is open, how it is read, and the row of the galaxy that is shown.

    `sampled_sha256` is that of `core.files.sampled_hash`; `listed` says which galaxies are listed in which order, as
    far as that needs no predictions; `shows_sliders` whether the population on the sliders lies over the galaxy.
    """

    path: str
    sampled_sha256: str
    options: OpeningOptions = field(default_factory=OpeningOptions)
    row: int = 0
    listed: ListOptions = field(default_factory=ListOptions)
    shows_sliders: bool = False


@dataclass(frozen=True)
class WindowState:
    """What of the window is in view.

    Parameters
    ----------
    tab : str
        Title of the tab in front.
    pages : mapping of str to str
        Title of the page in front of each tab that has pages and was looked at, by the title of the tab.
    panes : mapping of str to tuple
        Sizes of the panes of each tab that was looked at, in pixels, for each of its splitters.
    """

    tab: str
    pages: dict[str, str] = field(default_factory=dict)
    panes: dict[str, tuple[tuple[int, ...], ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Session:
    """A whole session. Opening it again shows the same window."""

    version: int = SESSION_VERSION
    explorer: ExplorerState = field(default_factory=ExplorerState)
    view: ViewOptions = field(default_factory=ViewOptions)
    libraries: tuple[LibraryFile, ...] = ()
    filters: UsedFile | None = None
    """The user's own filter curves; None for the embedded ones."""
    noise: UsedFile | None = None
    """The measured errors in use; None for depths on record."""
    observed: OpenCatalogue | None = None
    degeneracies: DegeneracySettings = field(default_factory=DegeneracySettings)
    window: WindowState | None = None
    """None in sessions of programs that did not keep it, and of those that have no window."""

    @property
    def library_names(self) -> tuple[str, ...]:
        """Names of the libraries that the sliders, the pins and the degeneracy explorer use."""
        models = (self.explorer.model, *(pin.model for pin in self.explorer.pins))
        against = self.degeneracies.against
        return tuple(dict.fromkeys([*(model.library for model in models), *([against] if against else [])]))


def session_to_json(session: Session) -> str:
    """Return the session as JSON text."""
    return msgspec.json.format(msgspec.json.encode(session)).decode()


def session_from_json(text: str, origin: str) -> Session:
    """Return the session of JSON text.

    Parameters
    ----------
    text : str
        What `session_to_json` wrote.
    origin : str
        The file's name, for messages.

    Raises
    ------
    InputError
        If it is no session, holds values of a wrong kind, or was written by a newer version.
    """
    try:
        with damage_told("", "not a session of jpas-gui", with_reason=True):
            version = msgspec.json.decode(text, type=_Versioned).version
            if version > SESSION_VERSION:
                raise InputError(f"written by a newer jpas-gui (session version {version}): update the program")
            return msgspec.json.decode(text, type=Session)
    except InputError as error:
        raise InputError(f"{origin}: {error}") from error


def read_session(path: Path) -> Session:
    """Read a session that `write_session` wrote.

    Raises
    ------
    InputError
        If it cannot be read, or is none.
    """
    with damage_told(path, "not a session of jpas-gui"):
        text = path.read_text(encoding="utf-8")
    return session_from_json(text, str(path))


def write_session(session: Session, path: Path) -> None:
    """Write a session, whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    try:
        text = session_to_json(session)
    except UnicodeError as error:
        raise InputError(f"{path}: a file of the session has a name that cannot be written ({error})") from error
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class _Versioned:
    version: int
