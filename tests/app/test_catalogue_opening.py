"""What is asked when a catalogue is opened, what is shown with the question, and that it is asked once."""

import pytest
from made_galaxies import write_galaxies

from jpas_gui.app.catalogue_opening import CatalogueOpening
from jpas_gui.app.opening_questions import (
    NO_EXTINCTION,
    REST_FRAME,
    UNKNOWN_REDSHIFT,
    ColumnsQuestion,
    Given,
    UnitQuestion,
    column_named,
    column_or_number,
    columns_named,
    extinction_question,
    number_of,
    reading_text,
    redshift_question,
    unit_question,
    unit_reading,
)
from jpas_gui.app.state import OpenCatalogue
from jpas_gui.core.catalogues.column_map import ColumnMap
from jpas_gui.core.catalogues.column_summary import ColumnSummary
from jpas_gui.core.catalogues.opening import OpeningOptions, open_catalogue
from jpas_gui.core.catalogues.unit_sample import UnitSample
from jpas_gui.core.errors import InputError
from jpas_gui.core.files import sampled_hash

FOREIGN = ColumnMap(id=("ID",), flux="X{band}", error="Eerror_{band}", unit="nanomaggy", redshift=0.0)


class AtOnce:
    """Does a job when it is given."""

    def submit(self, job, done, failed):
        try:
            answer = job()
        except InputError as error:
            failed(error)
        else:
            done(answer)


class Memory:
    """Keeps answers while the test runs."""

    def __init__(self):
        self.maps, self.files = {}, {}

    def recall(self, names):
        return self.maps.get(frozenset(names))

    def keep(self, names, columns):
        self.maps[frozenset(names)] = columns

    def recall_file(self, sampled_sha256):
        return self.files.get(sampled_sha256)

    def keep_file(self, sampled_sha256, path, options):
        self.files[sampled_sha256] = options

    def forget_file(self, sampled_sha256):
        self.files.pop(sampled_sha256, None)


class User:
    """Opens catalogues, answers each question as told, and keeps what is asked and said."""

    def __init__(self, memory):
        self.opening = CatalogueOpening(AtOnce(), memory)
        self.answers, self.asked, self.said, self.problems = {}, [], [], []
        self.catalogue, self.row = None, None
        for what in ("unit", "redshift", "extinction", "columns"):
            getattr(self.opening, f"{what}_needed").connect(self._answer_with(what), check_nargs=False)
        self.opening.opened.connect(self._show)
        self.opening.said.connect(self.said.append)
        self.opening.problem.connect(self.problems.append)

    def _answer_with(self, what):
        def answer(question, request):
            self.asked.append(question)
            if what in self.answers:
                if isinstance(question, ColumnsQuestion):
                    self.opening.remember_columns(question, self.answers[what])
                self.opening.answer(request, **{what: self.answers[what]})

        return answer

    def _show(self, catalogue, row):
        self.catalogue, self.row = catalogue, row


@pytest.fixture
def memory():
    return Memory()


@pytest.fixture
def user(memory):
    return User(memory)


@pytest.fixture
def bare(tmp_path):
    """A file that says neither unit nor redshift."""
    return write_galaxies(tmp_path / "bare.csv", nanomaggies=True)


def test_a_file_without_unit_and_redshift_is_asked_for_both_and_never_again(user, memory, bare, tmp_path):
    user.answers = {"unit": "nanomaggy", "redshift": 0.0}
    user.opening.open(bare)
    unit, redshift = user.asked
    assert isinstance(unit, UnitQuestion)
    assert "bare.csv does not say its redshifts" in redshift.text
    assert list(redshift.fixed) == [REST_FRAME, UNKNOWN_REDSHIFT]
    assert user.catalogue.options == OpeningOptions(unit="nanomaggy", redshift=0.0)
    assert user.said == []
    later = User(memory)  # another run of the program
    later.opening.open(bare.rename(tmp_path / "moved.csv"))
    assert later.asked == []
    assert later.catalogue.options == OpeningOptions(unit="nanomaggy", redshift=0.0)
    assert later.said == [
        "moved.csv is read as last time: nanomaggy, rest frame; "
        "“Unit”, “Redshift”, “Extinction” and “Ask again” change it"
    ]


def test_a_file_that_has_changed_is_another_one(user, bare):
    user.answers = {"unit": "nanomaggy", "redshift": 0.0}
    user.opening.open(bare)
    bare.write_text(bare.read_text().replace("101,", "999,"))
    user.opening.open(bare)
    assert len(user.asked) == 4


def test_without_an_answer_it_stays_closed(user, bare):
    user.opening.open(bare)
    assert len(user.asked) == 1
    user.answers = {"unit": "nanomaggy"}
    user.opening.open(bare)
    assert len(user.asked) == 3
    assert user.catalogue is None


def test_that_a_redshift_is_not_known_is_an_answer_too(user, bare):
    user.answers = {"unit": "nanomaggy", "redshift": None}
    for _ in range(2):
        user.opening.open(bare)
    assert reading_text(user.catalogue) == "nanomaggy, redshift not known"
    assert len(user.asked) == 2


def test_asking_again_forgets_what_was_answered(user, memory, tmp_path):
    foreign = write_galaxies(tmp_path / "foreign.csv", prefix="X", nanomaggies=True)
    user.answers = {"columns": FOREIGN}
    user.opening.open(foreign)
    user.opening.open(foreign)
    assert len(user.asked) == 1
    user.opening.forget(user.catalogue)
    assert len(user.asked) == 2
    user.answers = {}
    user.opening.forget(user.catalogue)
    assert memory.files == {}


def test_a_change_is_kept_and_the_row_stays(user, memory, tmp_path):
    path = write_galaxies(tmp_path / "galaxies.csv")
    user.opening.open(path, OpeningOptions(redshift=0.0))
    user.answers = {"redshift": "ID", "extinction": 0.1, "unit": "uJy"}
    user.opening.change_redshift(user.catalogue, 3)
    user.opening.change_extinction(user.catalogue, 3)
    user.opening.change_unit(user.catalogue, 3)
    user.opening.reopen(user.catalogue, user.row, keep_flagged=True)
    assert user.row == 3
    wanted = OpeningOptions(redshift="ID", extinction=0.1, unit="uJy", keep_flagged=True)
    assert memory.files == {sampled_hash(path): wanted}
    redshift, extinction, unit = user.asked
    assert redshift.present == Given(0.0)
    assert redshift.columns[0].text == "101 to 106; first 101, 102, 103"
    assert extinction.present == Given(None)
    assert unit.text.startswith("galaxies.csv is read in erg s-1 cm-2 Hz-1. In which unit is it?")
    user.opening.open(path)
    assert user.catalogue.options == wanted
    assert reading_text(user.catalogue) == "uJy, redshift from column ID, E(B−V) 0.1 removed"


def test_answers_that_no_longer_fit_are_asked_for_again(user, memory, bare):
    memory.files[sampled_hash(bare)] = OpeningOptions(redshift="gone", unit="nanomaggy")
    user.opening.open(bare)
    assert user.problems == []
    assert isinstance(user.asked[0], UnitQuestion)


def test_a_session_says_how_its_catalogue_is_read(user, bare):
    saved = OpenCatalogue(str(bare), sampled_hash(bare), OpeningOptions(unit="nanomaggy"), row=2)
    user.opening.open_saved(saved)
    assert user.asked == []
    assert user.row == 2


def test_a_file_that_is_not_there_is_said_once(user, tmp_path):
    user.opening.open(tmp_path / "gone.csv")
    assert user.problems == [f"{tmp_path / 'gone.csv'}: cannot be read (No such file or directory)"]
    assert not user.opening.is_busy


# -- the questions ------------------------------------------------------------------------------------------------


def test_each_unit_shows_what_magnitudes_it_gives_and_a_plausible_one_is_chosen():
    question = unit_question("a.csv", UnitSample("flux_r", "rSDSS", 128.4, 95.2))
    assert question.text == (
        "a.csv does not say the unit of its photometry. In which unit is it?\n"
        "flux_r: the first value is 128.4, the median 95.2."
    )
    shown = {reading.unit: (reading.first, reading.median, reading.is_plausible) for reading in question.readings}
    assert shown["nanomaggy"] == ("17.23", "17.55", True)
    assert shown["mag"] == ("128.40", "95.20", False)
    assert shown["Jy"] == ("3.63", "3.95", False)
    assert question.readings[question.chosen].unit == "nanomaggy"


def test_magnitudes_are_proposed_where_the_values_are_magnitudes():
    question = unit_question("a.csv", UnitSample("r", "rSDSS", 19.1, 20.3))
    assert {"mag", "nanomaggy"} <= {reading.unit for reading in question.readings if reading.is_plausible}


def test_a_file_without_values_can_be_asked_about():
    question = unit_question("a.csv", UnitSample("r", "rSDSS", float("nan"), float("nan")))
    assert question.text.endswith("r has no value in its first rows.")
    assert {reading.median for reading in question.readings} == {""}
    assert question.chosen == 0


def test_another_unit_is_understood_or_refused():
    sample = UnitSample("r", "rSDSS", 1.0, 1.0)
    assert unit_reading("mJy", sample).median == "16.40"
    with pytest.raises(InputError, match="'furlong' is no unit of flux density or magnitude"):
        unit_reading("furlong", sample)


def test_likely_columns_come_first_and_the_likeliest_is_proposed():
    columns = tuple(ColumnSummary(name) for name in ("ID", "RA", "Z", "zphot"))
    question = redshift_question("a.csv", columns, ("zphot",))
    assert [column.name for column in question.columns] == ["zphot", "Z", "ID", "RA"]
    assert question.present == Given("zphot")
    assert question.text == "a.csv may be read in several ways. What redshift do its galaxies have?"
    assert extinction_question("a.csv", columns, Given(None)).fixed == {NO_EXTINCTION: None}


NAMES = ("ID", "z_spec", "FLUX_J0390", "FLUX_J0400")


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda: column_named("zspec", NAMES), "there is no column 'zspec': did you mean z_spec?"),
        (lambda: column_named("nothing like it", NAMES), "there is no column 'nothing like it'$"),
        (lambda: column_named(" ", NAMES), "choose a column"),
        (lambda: columns_named("FLX_{band}", NAMES), r"no column follows 'FLX_\{band\}': did you mean FLUX_\{band\}\?"),
        (lambda: number_of("abc", 20), "'abc' is no number"),
        (lambda: number_of("", 20), "write a number"),
        (lambda: number_of("-1", 20), "-1 is outside 0 to 20"),
        (lambda: number_of("nan", 20), "nan is outside 0 to 20"),
        (lambda: column_or_number("25", NAMES, 20), "25 is outside 0 to 20"),
    ],
)
def test_a_wrong_entry_is_said_with_what_is_near(read, message):
    with pytest.raises(InputError, match=message):
        read()


def test_entries_are_read_in_any_case_and_with_a_comma():
    assert column_named("Z_SPEC", NAMES) == "z_spec"
    assert columns_named("FLUX_{band}", NAMES) == "FLUX_{band}"
    assert number_of(" 0,05 ", 20) == 0.05
    assert column_or_number("0.1", NAMES, 20) == 0.1
    assert column_or_number("", NAMES, 20) is None


def test_how_a_catalogue_is_read_is_said_in_a_few_words(tmp_path):
    path = write_galaxies(tmp_path / "z.csv", redshift_column=True)
    by_column = open_catalogue(path, OpeningOptions(redshift="redshift", extinction="ID"))
    assert reading_text(by_column) == (
        "erg s-1 cm-2 Hz-1, redshift from column redshift, E(B−V) from column ID removed"
    )
    assert reading_text(open_catalogue(path, OpeningOptions(redshift=0.1))) == (
        "erg s-1 cm-2 Hz-1, redshift 0.1 for all"
    )
