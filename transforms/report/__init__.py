"""What a dataset holds, counted: by arrays, a partition at a time, without its texts."""

from transforms.report.findings import Findings
from transforms.report.gather import gather_findings

__all__ = ["Findings", "gather_findings"]
