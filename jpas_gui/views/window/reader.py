"""A window to read in, beside the program's own."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QTextBrowser, QVBoxLayout, QWidget

_SIZE = (860, 760)
_ROOM = 0.9
"""Part of the screen that it takes at most."""

_MARGIN = 24
"""Pixels beside a picture."""


class _Browser(QTextBrowser):
    """Makes pictures as narrow as itself."""

    def loadResource(self, kind: int, name: QUrl) -> Any:
        found = super().loadResource(kind, name)
        if kind == QTextDocument.ResourceType.ImageResource.value and isinstance(found, QByteArray):
            image, width = QImage.fromData(found), self.viewport().width() - _MARGIN
            if image.width() > width:
                return image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        return found


class Reader(QDialog):
    """Shows a text, or documents that link to each other, while the program goes on.

    Parameters
    ----------
    parent : QWidget
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = _Browser()
        self.text.setOpenExternalLinks(True)
        self.text.setAccessibleName("Help")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.back = QPushButton("Back")
        self.back.clicked.connect(self.text.backward)
        self.back.setEnabled(False)
        self.text.backwardAvailable.connect(self.back.setEnabled)
        buttons.addButton(self.back, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        screen = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], int(_ROOM * screen.width())), min(_SIZE[1], int(_ROOM * screen.height())))

    def show_html(self, title: str, html: str, anchor: str = "") -> None:
        """Show a rich text, at an anchor of it."""
        self.setWindowTitle(title)
        self.text.setHtml(html)
        self.text.clearHistory()
        self._come_up()
        self.text.scrollToAnchor(anchor)

    def show_document(self, title: str, path: Path) -> None:
        """Show a file of Markdown, and those that its links name."""
        self.setWindowTitle(title)
        self._come_up()  # pictures are made as wide as it is then
        self.text.setSource(QUrl.fromLocalFile(str(path)))
        self.text.clearHistory()

    def _come_up(self) -> None:
        if self.isVisible():
            self.raise_()
        self.show()
        self.activateWindow()
        self.text.setFocus()
