"""Folders of CSV files, in and out: their format, their tables and their statements.

format      what a file and a column are, and what a cell may hold
files       the files and their columns
tables      imports, their staged rows, their planned lines, the movements already taken
checks      statements that find bad rows
records     statements that bring reference data into line with a file
stock       statements and calls that plan and post stock and movements
exports     statements that give the same files back
"""

from models.imports.tables import import_lines, import_rows, imported_movements, imports

__all__ = ["import_lines", "import_rows", "imported_movements", "imports"]
