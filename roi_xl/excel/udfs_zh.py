"""The UDFs of `roi_xl.udfs`, answering in Chinese: a macro workbook in Chinese calls these."""

from roi_xl.registry import FUNCTIONS
from roi_xl.udfs import functions

globals().update(functions("zh"))

__all__ = list(FUNCTIONS)
