"""What is known of one library, model or set of filter curves, and what can be done with it."""

from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from jpas_gui.app.collection_entries import Entry, Kind, Status
from jpas_gui.core.ssp.citations import bibtex_of
from jpas_gui.views.libraries.entry_table import size_text

_DROP = "Drop files, folders or archives of libraries, and folders of models, on this tab to add them."


class DetailPanel(QWidget):
    """Shows an entry, and reports what the user wants.

    Signals
    -------
    use_wanted(object), fetch_wanted(object), convert_wanted(object), remove_wanted(object)
        An `Entry`.
    said(str)
    """

    use_wanted = Signal(object)
    fetch_wanted = Signal(object)
    convert_wanted = Signal(object)
    remove_wanted = Signal(object)
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._entry: Entry | None = None
        self.text = QTextBrowser()
        self.text.setAccessibleName("Description")
        self.text.setOpenExternalLinks(True)
        self.use = self._button("Use", "Use it in the explorer", self.use_wanted)
        self.fetch = self._button("Get…", "Read the terms, then download it", self.fetch_wanted)
        self.convert = self._button("Convert…", "Write it into one HDF5 file, which opens at once", self.convert_wanted)
        self.remove = self._button("Remove…", "Delete it from the program's folder", self.remove_wanted)
        self.copy = QPushButton("Copy BibTeX")
        self.copy.setAccessibleName("Copy BibTeX")
        self.copy.setToolTip("Copy what to cite, as BibTeX")
        self.copy.clicked.connect(self._copy)
        row = QHBoxLayout()
        for button in (self.use, self.fetch, self.convert, self.copy, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        hint = QLabel(_DROP)
        hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text, 1)
        layout.addLayout(row)
        layout.addWidget(hint)
        self.show_entry(None)

    def _button(self, text: str, tip: str, wanted: Signal) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text.rstrip("…"))
        button.setToolTip(tip)
        button.clicked.connect(lambda: wanted.emit(self._entry))
        return button

    def show_entry(self, entry: Entry | None) -> None:
        """Show an entry; None: nothing is chosen."""
        self._entry = entry
        self.text.setHtml("" if entry is None else _html(entry))
        self.use.setEnabled(entry is not None and entry.is_at_hand)
        self.fetch.setEnabled(entry is not None and entry.download is not None)
        self.convert.setEnabled(entry is not None and entry.kind is Kind.LIBRARY and entry.is_at_hand)
        self.remove.setEnabled(entry is not None and entry.is_removable)
        self.copy.setEnabled(entry is not None and bool(entry.citations))

    def _copy(self) -> None:
        if self._entry is not None:
            QApplication.clipboard().setText(bibtex_of(self._entry.citations))
            self.said.emit(f"The BibTeX of {self._entry.title} is on the clipboard")


def _html(entry: Entry) -> str:
    rows = [("name", entry.name), *entry.facts]
    rows += [("licence", entry.licence), ("cite", "; ".join(entry.citations))]
    rows += [("size", size_text(entry.size)), ("lies in", str(entry.path or ""))]
    lines = [
        f"<tr><td><b>{escape(word)}</b>&nbsp;&nbsp;</td><td>{escape(value)}</td></tr>" for word, value in rows if value
    ]
    if entry.url:
        address = escape(entry.url)
        lines.append(f'<tr><td><b>publisher</b></td><td><a href="{address}">{address}</a></td></tr>')
    state = "" if entry.status is Status.SHIPPED else f" ({entry.status.value})"
    return f"<h3>{escape(entry.title)}</h3><p>{entry.kind.value}{state}</p><table>{''.join(lines)}</table>"
