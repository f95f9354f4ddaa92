"""Finding things in what is taught: an index in memory, which keeps no query."""

from app.search.documents import Kind, Place
from app.search.excerpts import Piece
from app.search.index import Found, Index

__all__ = ["Found", "Index", "Kind", "Piece", "Place"]
