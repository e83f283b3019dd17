"""The form of a training: its settings as texts that a user may edit, and back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from jpas_gui.core.errors import InputError
from jpas_gui.core.inference.setting_files import absent_ages, absent_files
from jpas_gui.core.inference.setting_notes import SETTING_NOTES, SettingNote
from jpas_gui.core.inference.setting_rules import (
    SettingProblem,
    SettingRule,
    content_problems,
    setting_rules,
    value_text,
)
from jpas_gui.core.inference.settings import PRESETS, TrainingSettings, settings_from
from jpas_gui.core.photometry.noise_settings import noise_problem, survey_names

LIBRARIES, WEIGHTS = "data.libraries", "data.weights"
"""What the list of libraries says."""

LIBRARIES_EXPLAINED = (
    f"{SETTING_NOTES[LIBRARIES].meaning} {SETTING_NOTES[WEIGHTS].label}: {SETTING_NOTES[WEIGHTS].meaning}"
)

PRESETS_EXPLAINED = (
    "paper: the networks of Dominguez Sanchez et al. 2025: point estimates at redshift 0, all 56 bands needed. "
    "posterior: the joint posterior of log age, [M/H] and E(B−V), at any redshift of the range, with bands missing."
)

TRUE, FALSE = "true", "false"


@dataclass(frozen=True)
class FormField:
    """A setting in the form.

    Parameters
    ----------
    note : SettingNote
    rule : SettingRule
    """

    note: SettingNote
    rule: SettingRule

    @property
    def key(self) -> str:
        """As TOML has it, with its table: ``"training.epochs"``."""
        return self.rule.key

    @property
    def label(self) -> str:
        """For people, with the unit."""
        return self.note.title

    @property
    def is_switch(self) -> bool:
        """Whether it is true or false."""
        return self.rule.is_switch

    @property
    def choices(self) -> tuple[str, ...]:
        """Empty where anything may be written."""
        return self.rule.choices

    @property
    def table(self) -> str:
        """The table that it is in; empty for the top of the file."""
        return self.key.rpartition(".")[0]

    @property
    def default(self) -> str:
        """What stands in it where the preset is left as it is."""
        return value_text(self.rule.default)

    @property
    def explanation(self) -> str:
        """What it is, what it may be, and where it comes from, in lines."""
        note = self.note
        lines = [note.meaning, f"May be: {self.rule.allowed}." + (f" Usual: {note.usual}." if note.usual else "")]
        return "\n".join([*lines, f"Preset: {self.rule.default_text}. Source: {note.source}. In a file: {self.key}"])


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
    rules = setting_rules(PRESETS[preset])
    return tuple(FormField(SETTING_NOTES[key], rule) for key, rule in rules.items() if key not in (LIBRARIES, WEIGHTS))


def form_of(settings: TrainingSettings) -> TrainingForm:
    """Return the form that stands for some settings."""
    content = msgspec.to_builtins(settings)
    data = content["data"]
    weights = [value_text(weight) for weight in data.get("weights", ())] or [""] * len(data["libraries"])
    values = {one.key: value_text(_value_at(content, one.key)) for one in form_fields(content["preset"])}
    return TrainingForm(content["preset"], tuple(zip(data["libraries"], weights, strict=True)), values)


def _value_at(content: Mapping[str, Any], key: str) -> Any:
    table, _, name = key.rpartition(".")
    return (content[table] if table else content)[name]


def changed_fields(form: TrainingForm) -> tuple[str, ...]:
    """Return the keys of the fields that mean something else than the preset has."""
    fields = form_fields(form.preset)
    return tuple(one.key for one in fields if _parsed(form.values[one.key], one.rule) != _parsed(one.default, one.rule))


def form_problems(form: TrainingForm, read: Mapping[str, str] = MappingProxyType({})) -> tuple[SettingProblem, ...]:
    """Return what is wrong with the form, a setting with its reason each; files are looked for, but not read.

    Parameters
    ----------
    form : TrainingForm
    read : mapping
        What is wrong with noise files that were read, by what stands in the field.
    """
    problems = _problems(form)
    wrong = {problem.key for problem in problems}
    libraries, noise = [name for name, _ in form.libraries], form.values["data.noise"].strip()
    known = list(absent_files(libraries, noise))
    if form.preset == "paper" and "data.log_age_range" not in wrong:
        known += absent_ages(libraries, _content(form)["data"]["log_age_range"])
    if read.get(noise):
        known.append(SettingProblem("data.noise", read[noise]))
    return (*problems, *(one for one in known if one.key not in wrong))


def noise_file(form: TrainingForm) -> str | None:
    """Return the file of noise in the form, as it stands there; None where there is no file, but a survey."""
    noise = form.values["data.noise"].strip()
    return noise if noise not in survey_names() and not noise_problem(noise) else None


def settings_of_form(form: TrainingForm) -> TrainingSettings:
    """Return the settings that the form stands for; files that they name need not be there.

    Raises
    ------
    InputError
        If a field cannot be used; the message names it.
    """
    for problem in _problems(form):
        raise InputError(problem.in_form)
    return settings_from(_content(form), "the form", Path())


def _problems(form: TrainingForm) -> tuple[SettingProblem, ...]:
    if not form.libraries:
        return (SettingProblem(LIBRARIES, "none is chosen: tick one or more"), *_problems_of_fields(form))
    filled = [bool(weight.strip()) for _, weight in form.libraries]
    if form.preset == "posterior" and any(filled) and not all(filled):
        return (SettingProblem(WEIGHTS, "give each library a weight, or none of them"), *_problems_of_fields(form))
    return tuple(content_problems(_content(form), PRESETS[form.preset]))


def _problems_of_fields(form: TrainingForm) -> tuple[SettingProblem, ...]:
    content = _content(form)
    content["data"] = {key: value for key, value in content["data"].items() if key not in ("libraries", "weights")}
    return tuple(content_problems(content, PRESETS[form.preset]))


def _content(form: TrainingForm) -> dict[str, Any]:
    """Return the form as parsed TOML."""
    content: dict[str, Any] = {"preset": form.preset, "data": {"libraries": [name for name, _ in form.libraries]}}
    weights = [weight for _, weight in form.libraries]
    if form.preset == "posterior" and any(weight.strip() for weight in weights):
        content["data"]["weights"] = [_number(weight) for weight in weights]
    for one in form_fields(form.preset):
        table = content.setdefault(one.table, {}) if one.table else content
        table[one.key.rpartition(".")[2]] = _parsed(form.values[one.key], one.rule)
    return content


def _parsed(text: str, rule: SettingRule) -> Any:
    """Return the value that a text stands for; the text itself where it is no number though it should be one."""
    if rule.is_switch:
        return text == TRUE
    if rule.is_text:
        return text.strip()
    if rule.is_list:
        return [_number(part) for part in re.split(r"[,;\s]+", text.strip()) if part]
    return _whole(text) if isinstance(rule.default, int) else _number(text)


def _whole(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text.strip()


def _number(text: str) -> int | float | str:
    try:
        return float(text) if isinstance(_whole(text), str) else int(text)
    except ValueError:
        return text.strip()
