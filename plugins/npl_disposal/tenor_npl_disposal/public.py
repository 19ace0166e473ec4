"""What other plugins may import; all else may change on Tuesday."""

from tenor_npl_disposal.records import NplCase
from tenor_npl_disposal.services import open_case
from tenor_npl_disposal.workflow import npl_flow

__all__ = ["NplCase", "npl_flow", "open_case"]
