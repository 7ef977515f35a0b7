"""Imports: a folder of CSV files put into a tenant, and a tenant written as such a folder."""

from services.imports.exporting import export
from services.imports.report import Problem, Progress, Report
from services.imports.running import Options, abandon, resume, run

__all__ = ["Options", "Problem", "Progress", "Report", "abandon", "export", "resume", "run"]
