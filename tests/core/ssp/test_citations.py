"""What to cite, in words and as BibTeX."""

import re

import pytest

from jpas_gui.core.downloads.known import known_downloads, libraries_by_hand
from jpas_gui.core.ssp.citations import bibtex_of, citation_of

FAMILIES = (
    "paper",
    "popstar",
    "emiles",
    "miuscat",
    "miles",
    "xsl",
    "bc03",
    "cb07",
    "cb19",
    "fsps",
    "svo",
    "miles-alpha",
    "smiles",
    "vazdekis99",
    "mastar",
    "m11",
    "bpass",
)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_entries_say_what_the_text_says(family: str) -> None:
    citation = citation_of(family)
    bibtex = bibtex_of([citation.text])
    assert re.findall(r"^@\w+\{(\w+),$", bibtex, re.MULTILINE) == list(citation.bibtex)
    assert bibtex.count("{") == bibtex.count("}")
    for year in re.findall(r"\b(?:19|20)\d\d\b", citation.text):
        assert f"year = {{{year}}}" in bibtex
    for volume, page in re.findall(r"(?:MNRAS|ApJS?|A&A|Series) (\d+), (\w+)", citation.text):
        assert f"volume = {{{volume}}}" in bibtex
        assert f"pages = {{{page}}}" in bibtex


def test_each_entry_comes_once_and_unknown_words_are_kept() -> None:
    texts = [citation_of("cb07").text, citation_of("bc03").text, "Me & You 2031, private communication", ""]
    bibtex = bibtex_of(texts)
    assert bibtex.count("@") == 3
    assert "@misc{MeYou2031private,\n  note = {Me & You 2031, private communication}\n}" in bibtex
    assert bibtex_of([]) == ""


def test_everything_that_can_be_fetched_can_be_cited() -> None:
    for one in (*known_downloads().values(), *libraries_by_hand()):
        assert bibtex_of([citation_of(one.citation).text])
    for hand in libraries_by_hand():
        assert citation_of(hand.citation).url.startswith("http")
        assert hand.what
