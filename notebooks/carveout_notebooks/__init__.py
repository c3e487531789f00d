"""Reads a carveout database in a notebook: packaged queries by name, scenarios, tables and pictures.

The database is opened read-only, and nothing here needs a network.
"""

from . import bars, matrices, palette, timelines
from .database import Database, Freshness, open_database
from .errors import NotebookError
from .packaged import Catalogue, PackagedQuery, Parameter
from .program import compare_scenarios
from .shown import Note, Picture, Table, table

__all__ = [
    "Catalogue",
    "Database",
    "Freshness",
    "Note",
    "NotebookError",
    "PackagedQuery",
    "Parameter",
    "Picture",
    "Table",
    "bars",
    "compare_scenarios",
    "matrices",
    "open_database",
    "palette",
    "table",
    "timelines",
]
