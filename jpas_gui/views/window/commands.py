"""What can be done from the menus: one table per menu."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow

from jpas_gui.app.notes import Quality
from jpas_gui.views.observed.note_panel import KEYS
from jpas_gui.views.window.menus import Command, Menus

if TYPE_CHECKING:
    from jpas_gui.views.main_window import MainWindow
    from jpas_gui.views.observed.observed_tab import ObservedTab

UNDO, REDO, VIEW = "&Undo", "&Redo", "&View"
_EXPLORE, _OBSERVED, _SLIDERS = ("Explore",), ("Observed",), ("Explore", "Degeneracies")
_GALAXIES = ("Observed", "Degeneracies")
_MARK_ICONS = {Quality.GOOD: "mdi6.check", Quality.DOUBTFUL: "mdi6.help", Quality.BAD: "mdi6.close"}
_MARK_TIP = "Mark the galaxy; again takes the mark away"


def make_menus(window: "MainWindow") -> Menus:
    """Return the menus of the window."""
    menus = Menus(window)
    menus.add("&File", [*_opening(window), None, *_saving(window), None, _quit(window)])
    menus.add("&Edit", [*_history(window), None, *_sliders(window)])
    menus.add(VIEW, _view(window))
    menus.add("&Galaxy", _galaxy(window))
    menus.add("&Help", _help(window))
    return menus


def _opening(window: "MainWindow") -> list[Command | None]:
    opening, folder = window.opening, "mdi6.folder-star"
    official = window.explorer.use_official_filters
    return [
        Command("&Open…", opening.ask_file, ("Ctrl+O",), "mdi6.folder-open", "Whatever the program can read"),
        Command("Open &catalogue…", opening.ask_catalogue, ("Ctrl+Alt+C",), "mdi6.table-large"),
        Command("Open &example catalogue", window.open_example, (), "mdi6.school-outline", "Mocks, to try it on"),
        Command("Open &library…", opening.ask_library, (), folder, "A file or an archive"),
        Command("Open library &folder…", opening.ask_library_folder, ("Ctrl+Shift+O",), folder),
        Command("Open fi&lter curves…", opening.ask_filters, (), "mdi6.chart-bell-curve"),
        Command("Offic&ial filter curves", official, (), "mdi6.restore"),
        None,
        Command("Open &session…", opening.ask_session, ("Ctrl+Alt+O",), "mdi6.history"),
    ]


def _saving(window: "MainWindow") -> list[Command | None]:
    corner, coverage = "mdi6.chart-scatter-plot-hexbin", "mdi6.chart-scatter-plot"
    has_figure, has_data = lambda: window.front.figure is not None, lambda: window.front.data is not None

    def has_galaxy() -> bool:
        return window.observed.shows_galaxy

    return [
        Command("&Save session…", window.saving.save_session, ("Ctrl+S",), "mdi6.content-save"),
        Command("Save &figure…", window.save_figure, ("Ctrl+E",), "mdi6.image", when=has_figure),
        Command("Save &posterior figure…", window.save_posterior, (), corner, "", _OBSERVED, has_galaxy),
        Command("Save &coverage figure…", window.save_coverage, (), coverage, tabs=_EXPLORE),
        Command("Save &data…", window.save_data, ("Ctrl+Shift+E",), "mdi6.table", when=has_data),
    ]


def _quit(window: QMainWindow) -> Command:
    return Command("&Quit", window.close, ("Ctrl+Q",), "mdi6.exit-to-app")


def _history(window: "MainWindow") -> list[Command | None]:
    return [
        Command(UNDO, window.undo, ("Ctrl+Z",), "mdi6.undo", when=lambda: bool(window.undo_name)),
        Command(REDO, window.redo, ("Ctrl+Shift+Z", "Ctrl+Y"), "mdi6.redo", when=lambda: bool(window.redo_name)),
    ]


def _sliders(window: "MainWindow") -> list[Command | None]:
    explorer = window.explorer

    def sees_sliders() -> bool:
        return window.front is window.explore or not window.degeneracies.looks_at_galaxy

    def has_pins() -> bool:
        return bool(explorer.state.pins)

    return [
        Command("Reset &sliders", explorer.reset, ("Ctrl+R",), "mdi6.restore", "", _SLIDERS, sees_sliders),
        Command("&Next noise draw", explorer.next_draw, ("N",), "mdi6.dice-5", tabs=_EXPLORE),
        None,
        Command("&Pin this SED", explorer.pin, ("P",), "mdi6.pin", tabs=_EXPLORE),
        Command("Remove &all pins", explorer.unpin_all, ("Ctrl+Shift+P",), "mdi6.pin-off", "", _EXPLORE, has_pins),
    ]


def _view(window: "MainWindow") -> list[Command | None]:
    def can_fit() -> bool:
        return window.front.fit is not None

    return [
        Command("&Fit the figure", window.fit, ("F",), "mdi6.fit-to-page-outline", when=can_fit),
        None,
        Command("&Next tab", lambda: window.tabs.step(1), ("Ctrl+PgDown",), "mdi6.arrow-right"),
        Command("&Previous tab", lambda: window.tabs.step(-1), ("Ctrl+PgUp",), "mdi6.arrow-left"),
        None,
    ]


def _galaxy(window: "MainWindow") -> list[Command | None]:
    def command(
        text: str,
        do: "Callable[[ObservedTab], object]",
        key: str,
        icon: str,
        when: "Callable[[ObservedTab], bool]" = lambda tab: tab.shows_galaxy,
    ) -> Command:
        return Command(text, lambda: do(window.observed), (key,), icon, "", _OBSERVED, lambda: when(window.observed))

    def go(text: str, step: int, key: str, icon: str) -> Command:
        return Command(text, lambda: window.observed.controller.step(step), (key,), icon, "", _GALAXIES, can_go)

    def can_go() -> bool:
        is_seen = window.front.title in _OBSERVED or window.degeneracies.looks_at_galaxy
        return is_seen and window.observed.controller.row is not None

    def is_masked(tab: "ObservedTab") -> bool:
        note = tab.controller.note
        return tab.shows_galaxy and note is not None and bool(note.masked or note.emission)

    return [
        go("&Next galaxy", 1, "Ctrl+Down", "mdi6.chevron-down"),
        go("&Previous galaxy", -1, "Ctrl+Up", "mdi6.chevron-up"),
        None,
        *(_mark(window, quality, key) for quality, key in KEYS.items()),
        None,
        command("Mask &emission lines", lambda tab: tab.toggle_emission(), "L", "mdi6.filter-off-outline"),
        command(
            "Use &all bands", lambda tab: tab.controller.use_all_bands(), "Shift+L", "mdi6.filter-outline", is_masked
        ),
        command("&Send to sliders", lambda tab: tab.send_to_sliders(), "S", "mdi6.tune-vertical"),
    ]


def _mark(window: "MainWindow", quality: Quality, key: str) -> Command:
    def can_mark() -> bool:
        return window.observed.controller.note is not None

    text, icon = f"Mark as {quality.value}", _MARK_ICONS[quality]
    return Command(text, lambda: window.observed.toggle_mark(quality), (key,), icon, _MARK_TIP, _OBSERVED, can_mark)


def _help(window: "MainWindow") -> list[Command | None]:
    about = window.help
    return [
        Command("&Keyboard shortcuts", about.show_shortcuts, ("F1",), "mdi6.keyboard"),
        Command("User &guide", about.show_guide, (), "mdi6.book-open-variant"),
        Command("&Citing", about.show_citations, (), "mdi6.format-quote-close"),
        Command("&About jpas-gui", about.show_about, (), "mdi6.information-outline"),
    ]
