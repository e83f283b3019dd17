"""Which values each setting of a training may have, and what is wrong with others, in words."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from jpas_gui.core.inference.setting_notes import SETTING_NOTES
from jpas_gui.core.photometry.attenuation import ATTENUATION_LAWS
from jpas_gui.core.photometry.noise_settings import survey_names

_TABLES = ("data", "network", "training")
_LARGEST_POOL = 1_000_000_000
"""Mocks: 236 GB."""

_LONGEST = 60
"""Characters of a value that a message repeats."""

_EXAMPLES = {
    "data.log_age_range": "6.5, 10.15",
    "data.ebv": "0, 0.1, 0.5",
    "data.magnitudes": "17, 19, 21",
    "data.magnitude_range": "16, 22.5",
    "data.aperture_factor_range": "1, 2.5",
    "data.redshift_range": "0, 0.5",
}


@dataclass(frozen=True)
class SettingProblem:
    """Why a setting cannot be used.

    Parameters
    ----------
    key : str
        As in `SETTING_NOTES`, or as it stands in the file where there is no such setting.
    text : str
        Without the name of the setting.
    """

    key: str
    text: str

    @property
    def in_form(self) -> str:
        """The problem, with the setting's label."""
        return f"{SETTING_NOTES[self.key].label}: {self.text}" if self.key in SETTING_NOTES else self.text

    @property
    def in_file(self) -> str:
        """The problem, with the setting's label and its key in the TOML file."""
        return f"{SETTING_NOTES[self.key].label} ({self.key}): {self.text}" if self.key in SETTING_NOTES else self.text


@dataclass(frozen=True)
class SettingRule:
    """What a setting of a preset may be.

    Parameters
    ----------
    key : str
        As in `SETTING_NOTES`.
    kind : type
        As msgspec takes it.
    default : object
        Of the preset.
    """

    key: str
    kind: Any
    default: Any

    @property
    def choices(self) -> tuple[str, ...]:
        """The words to choose from; empty where there are none."""
        if self.key == "data.dust_law":
            return tuple(ATTENUATION_LAWS)
        return get_args(self.kind) if get_origin(self.kind) is Literal else ()

    @property
    def is_switch(self) -> bool:
        """Whether it is true or false."""
        return self.kind is bool

    @property
    def is_text(self) -> bool:
        """Whether it is a text."""
        return self.kind is str or bool(self.choices)

    @property
    def is_list(self) -> bool:
        """Whether it is several values."""
        return get_origin(_plain(self.kind)) is tuple

    @property
    def is_pair(self) -> bool:
        """Whether it is two values, the second not below the first."""
        return self.is_list and Ellipsis not in get_args(_plain(self.kind))

    @property
    def _one(self) -> Any:
        """The type of a value, or of each of several."""
        return get_args(_plain(self.kind))[0] if self.is_list else self.kind

    @property
    def allowed(self) -> str:
        """What it may be, for people."""
        if self.key == "data.noise":
            return f"{', '.join(survey_names())}, or the path of a file"
        if self.key == "data.libraries":
            return "one library or more, each once"
        if self.key == "data.weights":
            return f"a number {_bounds(self._one)} for each library, or none"
        if self.choices:
            return " or ".join((", ".join(self.choices[:-1]), self.choices[-1]))
        if self.is_switch:
            return "true or false"
        if not self.is_list:
            return f"{_noun(self._one)} {_bounds(self._one)}".strip()
        count = "two numbers, the smaller first" if self.is_pair else "one number or more"
        bounds = _bounds(self._one)
        return f"{count}, each {bounds}" if bounds else count

    @property
    def default_text(self) -> str:
        """The default of the preset, for people."""
        return value_text(self.default) or "none"

    def problem(self, value: Any) -> str:
        """Return what is wrong with a value, without the name of the setting; nothing where it can be used."""
        try:
            used = msgspec.convert(value, self.kind)
        except (msgspec.ValidationError, OverflowError):
            return self._said(value)
        if self.choices and used not in self.choices:
            return self._said(value)
        numbers = used if self.is_list else (used,)
        if any(isinstance(number, float) and not math.isfinite(number) for number in numbers):
            return "nan and inf are no values for it"
        if self.is_pair and used[0] > used[1]:
            return f"{value_text(used[0])} is above {value_text(used[1])}: the smaller comes first"
        if self.key == "data.libraries" and len(set(used)) < len(used):
            return "a library is there twice"
        return ""

    def _said(self, value: Any) -> str:
        if not self.is_list:
            return _needed(self._needed_one(), value)
        if not isinstance(value, list | tuple):
            return _needed(self._needed_all(), value)
        wrong = [one for one in value if _is_wrong(one, self._one)]
        if wrong:
            bounds = _bounds(self._one)
            is_number = isinstance(wrong[0], int | float) and not isinstance(wrong[0], bool)
            return f"each must be {bounds if is_number and bounds else _noun(self._one)}; got {_got(wrong[0])}"
        return _needed(self._needed_all(), value)

    def _needed_one(self) -> str:
        if self.choices:
            return f"one of {', '.join(self.choices)} is needed"
        if self.is_switch:
            return "true or false is needed"
        return f"{_noun(self._one)} {_bounds(self._one)}".strip() + " is needed"

    def _needed_all(self) -> str:
        if self.key == "data.libraries":
            return "one library or more is needed"
        example = f", e.g. {_EXAMPLES[self.key]}" if self.key in _EXAMPLES else ""
        if self.is_pair:
            return f"two numbers are needed{example}"
        return f"one number or more is needed{example}" if self.key in _EXAMPLES else "a list of numbers is needed"


def _needed(what: str, value: Any) -> str:
    return f"{what}; got {_got(value)}" if value_text(value).strip() else f"{what}; there is none"


def _got(value: Any) -> str:
    """Return a value as a message repeats it: in a line that is not too long."""
    if isinstance(value, list | tuple):
        text = ", ".join(map(_got, value))
    else:
        text = repr(value) if isinstance(value, str) else value_text(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _is_wrong(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, OverflowError):
        return True
    return False


def _plain(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _noun(kind: Any) -> str:
    return {int: "a whole number", float: "a number", str: "a text"}[_plain(kind)]


def _bounds(kind: Any) -> str:
    """Return the limits of a number, to stand behind "a number" and "each"; nothing where there are none."""
    limits = next((one for one in get_args(kind) if isinstance(one, Meta)), None)
    if limits is None:
        return ""
    if limits.gt is not None:
        return f"above {limits.gt:g}" + (f" and not above {limits.le:,}" if limits.le is not None else "")
    return f"from {limits.ge:g} to {limits.le:,}" if limits.le is not None else f"of at least {limits.ge:g}"


def value_text(value: Any) -> str:
    """Return a value as a form or a message shows it: in one line, lists with commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        text = ", ".join(map(value_text, value))
    elif isinstance(value, float):
        text = f"{value:g}" if float(f"{value:g}") == value else str(value)
    elif isinstance(value, Mapping):
        text = "a table"
    elif value is None or isinstance(value, str):
        text = value or ""
    else:
        text = str(value)
    return text


@cache
def setting_rules(preset: type) -> Mapping[str, SettingRule]:
    """Return the rules of a preset's settings by their keys, in the order of its TOML file.

    Parameters
    ----------
    preset : type
        `PaperSettings` or `PosteriorSettings`.
    """
    default = preset()
    tables: dict[str, tuple[Any, Any]] = {"": (preset, default)}
    tables |= {
        name: (type(getattr(default, name)), getattr(default, name)) for name in _TABLES if hasattr(default, name)
    }
    rules = {}
    for table, (kind, values) in tables.items():
        hints = get_type_hints(kind, include_extras=True)
        for name in kind.__struct_fields__:
            if table or name not in tables:
                key = f"{table}.{name}".lstrip(".")
                rules[key] = SettingRule(key, hints[name], getattr(values, name))
    return rules


def content_problems(content: Mapping[str, Any], preset: type) -> Iterator[SettingProblem]:
    """Yield what is wrong with the content of a TOML file, setting by setting; files are not looked for.

    Parameters
    ----------
    content : mapping
        Tables are mappings in it; ``preset`` is left out of account.
    preset : type
        As `setting_rules` takes it.
    """
    rules = setting_rules(preset)
    tables = {key.partition(".")[0] for key in rules if "." in key}
    for name, value in content.items():
        if name in tables:
            if isinstance(value, Mapping):
                for own, one in value.items():
                    yield from _problems(f"{name}.{own}", one, rules)
            else:
                yield SettingProblem(name, f"{name}: this is a table: write [{name}], and its keys below")
        elif name != "preset":
            yield from _problems(name, value, rules)
    yield from _problems_together(content.get("data"), rules)


def _problems(key: str, value: Any, rules: Mapping[str, SettingRule]) -> Iterator[SettingProblem]:
    if key not in rules:
        close = get_close_matches(key, rules, 1)
        yield SettingProblem(key, f"unknown key {key}" + (f": is {close[0]} meant?" if close else ""))
    elif text := rules[key].problem(value):
        yield SettingProblem(key, text)


def _problems_together(data: Any, rules: Mapping[str, SettingRule]) -> Iterator[SettingProblem]:
    """Yield what is wrong with settings that go together."""
    if not isinstance(data, Mapping) or "data.weights" not in rules:
        return

    def value(name: str) -> Any:
        rule = rules[f"data.{name}"]
        own = data.get(name, rule.default)
        return None if rule.problem(own) else own

    libraries, weights = value("libraries"), value("weights")
    if libraries is not None and weights and len(weights) != len(libraries):
        yield SettingProblem("data.weights", f"{_counted(weights, 'number')} for {_counted(libraries, 'library')}")
    n_redshifts, n_each = value("n_redshifts"), value("n_per_redshift")
    if n_redshifts and n_each and n_redshifts * n_each > _LARGEST_POOL:
        text = f"{n_redshifts:,} redshifts make {n_redshifts * n_each:,} mocks; at most {_LARGEST_POOL:,} can be held"
        yield SettingProblem("data.n_per_redshift", text)


def _counted(values: Sequence[Any], what: str) -> str:
    many = {"number": "numbers", "library": "libraries"}
    return f"{len(values)} {what if len(values) == 1 else many[what]}"
