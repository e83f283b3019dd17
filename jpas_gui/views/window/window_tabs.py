"""The tabs of the window, and what they tell each other."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Signal

from jpas_gui.app.explorer import Explorer
from jpas_gui.core.catalogues.observed import ObservedGalaxies
from jpas_gui.views.dialogs.dialogs import Dialogs
from jpas_gui.views.explore.explore_tab import ExploreTab
from jpas_gui.views.widgets.window_tab import WindowTab
from jpas_gui.views.window.late_tabs import LateTabs
from jpas_gui.views.window.opening import Opening

# Imported when they are first needed: together they take as long as the rest.
if TYPE_CHECKING:
    from jpas_gui.views.degeneracy.degeneracy_tab import DegeneracyTab
    from jpas_gui.views.evaluation.evaluation_tab import EvaluationTab
    from jpas_gui.views.libraries.libraries_tab import LibrariesTab
    from jpas_gui.views.observed.observed_tab import ObservedTab
    from jpas_gui.views.training.training_tab import TrainingTab


class WindowTabs(LateTabs):
    """The six tabs; every one but the first is made when it is first looked at or needed.

    Parameters
    ----------
    explorer : Explorer
    dialogs : Dialogs
    settings : QSettings
    opening : Opening
        Opens what a tab asks for.

    Signals
    -------
    begun(object)
        A tab was made.
    busy(str)
        What is being opened; empty when nothing is.
    problem(str)
        Something cannot be opened.
    trained(object)
        A `TrainingSummary` of what is being trained now, or None.
    """

    begun = Signal(object)
    busy = Signal(str)
    problem = Signal(str)
    trained = Signal(object)

    def __init__(self, explorer: Explorer, dialogs: Dialogs, settings: QSettings, opening: Opening) -> None:
        super().__init__()
        self._explorer, self._dialogs, self._settings, self._opening = explorer, dialogs, settings, opening
        self.setDocumentMode(True)
        self.explore = ExploreTab(explorer)
        self.explore.open_file_wanted.connect(opening.ask_library)
        self.explore.open_folder_wanted.connect(opening.ask_library_folder)
        self.explore.noise_file_wanted.connect(opening.ask_noise)
        self.addTab(self.explore, "Explore")
        self._degeneracies = self.add_late("Degeneracies", self._make_degeneracies)
        self._observed = self.add_late("Observed", self._make_observed)
        self._training = self.add_late("Training", self._make_training)
        self._evaluation = self.add_late("Evaluation", self._make_evaluation)
        self._libraries = self.add_late("Libraries", self._make_libraries)
        self.titles = [self.tabText(index) for index in range(self.count())]

    @property
    def front(self) -> WindowTab:
        """The tab in front."""
        return self.currentWidget()

    @property
    def made(self) -> tuple[WindowTab, ...]:
        """The tabs that are made, in the order in which they are stopped."""
        late = (self._observed, self._degeneracies, self._training, self._evaluation, self._libraries)
        return (self.explore, *(one.made for one in late if one.made is not None))

    @property
    def degeneracies(self) -> "DegeneracyTab":
        """Which other populations the one on the sliders could be."""
        return self._degeneracies.tab

    @property
    def observed(self) -> "ObservedTab":
        """The galaxies of a catalogue."""
        return self._observed.tab

    @property
    def training(self) -> "TrainingTab":
        """Trainings, and the runs that were made."""
        return self._training.tab

    @property
    def evaluation(self) -> "EvaluationTab":
        """How well models do."""
        return self._evaluation.tab

    @property
    def libraries(self) -> "LibrariesTab":
        """Libraries, models and filter curves."""
        return self._libraries.tab

    def show_title(self, title: str) -> bool:
        """Show the tab of this title, in any case of its letters; return whether there is one."""
        found = [index for index, one in enumerate(self.titles) if one.lower() == title.lower()]
        for index in found:
            self.setCurrentIndex(index)
        return bool(found)

    def step(self, step: int) -> None:
        """Show the tab that is this many places further on, the first after the last."""
        self.setCurrentIndex((self.currentIndex() + step) % self.count())

    # -- how they are made ------------------------------------------------------------------------------------------

    def _make_degeneracies(self) -> "DegeneracyTab":
        from jpas_gui.views.degeneracy.degeneracy_tab import DegeneracyTab

        tab = DegeneracyTab(self._explorer, self._galaxy, self._dialogs)
        tab.library_wanted.connect(self._opening.ask_library)
        tab.libraries_wanted.connect(lambda: self.setCurrentWidget(self.libraries))
        self.begun.emit(tab)
        return tab

    def _make_observed(self) -> "ObservedTab":
        from jpas_gui.views.observed.observed_tab import ObservedTab

        tab = ObservedTab(self._explorer, self._dialogs, self._settings)
        tab.catalogue.open_wanted.connect(self._opening.ask_catalogue)
        tab.controller.changed.connect(self._show_galaxy_in_degeneracies)
        tab.opening.problem.connect(self.problem.emit)
        tab.opening.busy.connect(self.busy.emit)
        self.begun.emit(tab)
        return tab

    def _make_training(self) -> "TrainingTab":
        from jpas_gui.views.training.training_tab import TrainingTab

        tab = TrainingTab(self._dialogs)
        tab.model_wanted.connect(self._opening.add_model)
        tab.model_moved.connect(self._follow_model)
        tab.controller.changed.connect(lambda: self.trained.emit(tab.controller.summary))
        self.begun.emit(tab)
        self.trained.emit(tab.controller.summary)
        return tab

    def _make_evaluation(self) -> "EvaluationTab":
        from jpas_gui.views.evaluation.evaluation_tab import EvaluationTab

        tab = EvaluationTab(self._explorer, self._dialogs)
        if self._libraries.made is not None:
            tab.run.offer_libraries(self._libraries.made.controller.titles)
        self.begun.emit(tab)
        return tab

    def _make_libraries(self) -> "LibrariesTab":
        from jpas_gui.views.libraries.libraries_tab import LibrariesTab

        tab = LibrariesTab(self._explorer, self._dialogs)
        tab.controller.model_added.connect(self._opening.add_model)
        tab.controller.listed.connect(self._offer_libraries)
        self.begun.emit(tab)
        return tab

    # -- what they tell each other ----------------------------------------------------------------------------------

    def _galaxy(self) -> ObservedGalaxies | None:
        """Return the observed galaxy that is selected."""
        return self._observed.made.controller.galaxy if self._observed.made is not None else None

    def _show_galaxy_in_degeneracies(self) -> None:
        if self._degeneracies.made is not None:
            self._degeneracies.made.show_galaxy()

    def _offer_libraries(self) -> None:
        """Offer the libraries that were found wherever one can be chosen."""
        if self._evaluation.made is not None:
            self._evaluation.made.run.offer_libraries(self.libraries.controller.titles)
        if self._training.made is not None:
            self._training.made.form.libraries.refresh()
        self.explore.show_libraries()

    def _follow_model(self, old: Path, new: Path | None) -> None:
        """Go on with a model in its new folder; without it where there is none."""
        models = self._explorer.view.models
        if str(old) in models:
            kept = [str(new) if model == str(old) else model for model in models if new or model != str(old)]
            self._explorer.set_view(models=tuple(kept))
