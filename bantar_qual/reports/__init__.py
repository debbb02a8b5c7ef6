"""Reports: the findings of a study as Word file, workbook, web page, figures and manifest."""

from bantar_qual.reports.findings import Findings, report

__all__ = ["Findings", "report"]
