"""The form of a training: its settings as texts that a user may edit, and back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.settings import PaperSettings, PosteriorSettings, TrainingSettings, settings_from

PRESETS: Mapping[str, type[PaperSettings | PosteriorSettings]] = MappingProxyType(
    {"paper": PaperSettings, "posterior": PosteriorSettings}
)

_TABLES = ("data", "network", "training")
_ELSEWHERE = {"data.libraries", "data.weights"}
"""What the list of libraries says."""

_LABELS = {
    "seed": "Seed",
    "data.noise": "Noise",
    "data.zero_point": "Zero-point error",
    "data.dust_law": "Dust law",
    "data.log_age_range": "log age (log10 yr)",
    "data.ebv": "E(B−V) (mag)",
    "data.magnitudes": "Magnitudes (AB, iSDSS)",
    "data.aperture_factor": "Aperture factor",
    "data.one_magnitude": "One magnitude for all bands",
    "data.split": "Split by",
    "data.fresh_noise": "Fresh noise in every epoch",
    "data.magnitude_range": "Magnitude (AB, iSDSS)",
    "data.aperture_factor_range": "Aperture factor",
    "data.redshift_range": "Redshift",
    "data.n_redshifts": "Redshifts in the pool",
    "data.n_per_redshift": "Mocks per redshift",
    "data.samples_per_epoch": "Mocks in an epoch",
    "data.band_dropout": "Missing bands, largest part",
    "network.width": "Width of a hidden layer",
    "network.depth": "Hidden layers",
    "network.gaussians": "Gaussians",
    "training.epochs": "Epochs",
    "training.batch_size": "Batch",
    "training.learning_rate": "Learning rate",
    "training.schedule": "Schedule",
    "training.warm_up_steps": "Warm-up (batches)",
    "training.weight_decay": "Weight decay",
    "training.gradient_clip": "Gradient clip (0: none)",
    "training.patience": "Patience (epochs, 0: any)",
    "training.precision": "Precision",
    "training.threads": "Threads (0: all but one)",
}

TRUE, FALSE = "true", "false"


@dataclass(frozen=True)
class FormField:
    """A setting in the form.

    Parameters
    ----------
    key : str
        As TOML has it, with its table: ``"training.epochs"``.
    label : str
        For people, with the unit.
    choices : tuple of str
        Empty where anything may be written.
    """

    key: str
    label: str
    choices: tuple[str, ...] = ()

    @property
    def is_switch(self) -> bool:
        """Whether it is true or false."""
        return self.choices == (FALSE, TRUE)

    @property
    def table(self) -> str:
        """The table that it is in; empty for the top of the file."""
        return self.key.rpartition(".")[0]


@dataclass(frozen=True)
class TrainingForm:
    """What stands in the form.

    Parameters
    ----------
    preset : str
        One of `PRESETS`.
    libraries : tuple of (str, str)
        Name or path of each library, and its weight; empty where it has none.
    values : mapping
        What stands in each of `form_fields`, by its key.
    """

    preset: str
    libraries: tuple[tuple[str, str], ...]
    values: Mapping[str, str] = field(default_factory=dict)


def form_fields(preset: str) -> tuple[FormField, ...]:
    """Return the fields of a preset, in the order of its TOML file, but for the libraries."""
    fields = [_field("seed", int)]
    hints = get_type_hints(PRESETS[preset])
    for table in _TABLES:
        if table in hints:
            fields += [_field(f"{table}.{key}", kind) for key, kind in get_type_hints(hints[table]).items()]
    return tuple(one for one in fields if one.key not in _ELSEWHERE)


def _field(key: str, kind: Any) -> FormField:
    choices = (FALSE, TRUE) if kind is bool else get_args(kind) if get_origin(kind) is Literal else ()
    return FormField(key, _LABELS.get(key, key), choices)


def form_of(settings: TrainingSettings) -> TrainingForm:
    """Return the form that stands for some settings."""
    content = msgspec.to_builtins(settings)
    data = content["data"]
    weights = [_text(weight) for weight in data.get("weights", ())] or [""] * len(data["libraries"])
    values = {one.key: _text(_value_at(content, one.key)) for one in form_fields(content["preset"])}
    return TrainingForm(content["preset"], tuple(zip(data["libraries"], weights, strict=True)), values)


def _value_at(content: Mapping[str, Any], key: str) -> Any:
    table, _, name = key.rpartition(".")
    return (content[table] if table else content)[name]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def settings_of_form(form: TrainingForm) -> TrainingSettings:
    """Return the settings that the form stands for.

    Raises
    ------
    InputError
        If a field cannot be used; the message names it.
    """
    kinds = get_type_hints(PRESETS[form.preset])
    content: dict[str, Any] = {"preset": form.preset, "data": _libraries(form)}
    for one in form_fields(form.preset):
        kind = get_type_hints(kinds[one.table])[one.key.rpartition(".")[2]] if one.table else int
        table = content.setdefault(one.table, {}) if one.table else content
        table[one.key.rpartition(".")[2]] = _parsed(form.values[one.key], one, kind)
    return settings_from(content, "the form", Path())


def _libraries(form: TrainingForm) -> dict[str, Any]:
    if not form.libraries:
        raise InputError("the form: no library is chosen: tick one or more")
    names, weights = zip(*form.libraries, strict=True)
    content: dict[str, Any] = {"libraries": list(names)}
    if form.preset == "posterior" and any(weight.strip() for weight in weights):
        if not all(weight.strip() for weight in weights):
            raise InputError("the form: give each library a weight, or none of them")
        content["weights"] = [_number(weight, f"weight of {Path(name).name}") for name, weight in form.libraries]
    return content


def _parsed(text: str, one: FormField, kind: Any) -> Any:
    if one.is_switch:
        return text == TRUE
    if one.choices or kind is str:
        return text.strip()
    if get_origin(kind) is tuple:
        return [_number(part, one.label) for part in re.split(r"[,;\s]+", text.strip()) if part]
    return _number(text, one.label)


def _number(text: str, label: str) -> int | float:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    raise InputError(
        f"the form: {label}: {text.strip()!r} is no number" if text.strip() else f"the form: {label}: empty"
    )
