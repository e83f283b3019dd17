"""All settings of a training side by side: for the help of ``jpas-gui train``, and for docs/training.md."""

from textwrap import fill

from jpas_gui.core.inference.setting_notes import SETTING_NOTES
from jpas_gui.core.inference.setting_rules import SettingRule, setting_rules
from jpas_gui.core.inference.settings import PRESETS

_MARGIN = "      "


def settings_markdown() -> str:
    """Return the settings as a table: key, meaning, what they may be, and the default of each preset."""
    presets = " | ".join(PRESETS)
    lines = [f"| key | what it is | may be | {presets} | source |", f"|---|---|---|{'---|' * len(PRESETS)}---|"]
    for key, rules in _rules().items():
        note = SETTING_NOTES[key]
        meaning = f"**{note.title}.** {note.meaning}" + (f" Usual: {note.usual}." if note.usual else "")
        defaults = " | ".join(_default(rules.get(preset)) for preset in PRESETS)
        lines.append(f"| `{key}` | {meaning} | {_any(rules).allowed} | {defaults} | {note.source} |")
    return "\n".join(lines)


def settings_help(width: int) -> str:
    """Return the settings as lines of so many characters."""
    lines = ["settings:"]
    for key, rules in _rules().items():
        note = SETTING_NOTES[key]
        lines.append(f"  {key}   {note.title}")
        texts = (
            note.meaning,
            f"{_any(rules).allowed}; default: {_defaults(rules)}",
            note.usual and f"usual: {note.usual}",
        )
        lines += [fill(text, width, initial_indent=_MARGIN, subsequent_indent=_MARGIN) for text in texts if text]
    return "\n".join(lines)


def _rules() -> dict[str, dict[str, SettingRule]]:
    """Return the rule that each preset has for each key, in the order of the notes."""
    return {
        key: {preset: rules[key] for preset, kind in PRESETS.items() if key in (rules := setting_rules(kind))}
        for key in SETTING_NOTES
    }


def _any(rules: dict[str, SettingRule]) -> SettingRule:
    return next(iter(rules.values()))


def _defaults(rules: dict[str, SettingRule]) -> str:
    texts = {preset: rule.default_text for preset, rule in rules.items()}
    if len(set(texts.values())) == 1 and len(texts) == len(PRESETS):
        return next(iter(texts.values()))
    return "; ".join(f"{text} ({preset})" for preset, text in texts.items())


def _default(rule: SettingRule | None) -> str:
    return rule.default_text if rule else "—"
