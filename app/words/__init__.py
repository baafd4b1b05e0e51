"""Languages: what `estimators.words` says is written here, and what people type is read."""

from app.words.languages import Language
from app.words.records import UnknownLanguageError, language
from app.words.spoken import speak, speaking, spoken, text
from app.words.writing import Piece, pieces, write

__all__ = [
    "Language",
    "Piece",
    "UnknownLanguageError",
    "language",
    "pieces",
    "speak",
    "speaking",
    "spoken",
    "text",
    "write",
]
