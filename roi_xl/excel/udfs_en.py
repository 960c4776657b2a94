"""The UDFs of `roi_xl.udfs`, answering in English: a macro workbook in English calls these."""

from roi_xl.registry import FUNCTIONS
from roi_xl.udfs import functions

globals().update(functions("en"))

__all__ = list(FUNCTIONS)
