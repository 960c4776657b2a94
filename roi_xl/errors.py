"""The error contract: one exception per Excel error that a formula can show, and those of files.

Exceptions carry the key of a text and its values, so that the same error reads in Chinese or English.
"""

from enum import StrEnum
from typing import ClassVar


class ErrorValue(StrEnum):
    """An Excel error as shown in a cell; a string, so it compares equal to a cell's text."""

    NULL = "#NULL!"
    DIV0 = "#DIV/0!"
    VALUE = "#VALUE!"
    REF = "#REF!"
    NAME = "#NAME?"
    NUM = "#NUM!"
    NA = "#N/A"
    SPILL = "#SPILL!"
    CALC = "#CALC!"

    @property
    def code(self) -> int:
        """Excel's own ERROR.TYPE number, 1 (#NULL!) to 14 (#CALC!)."""
        return _ERROR_TYPE[self]

    @property
    def number(self) -> int:
        """The xlErr number that VBA uses, as in `CVErr(2036)`."""
        return _XL_ERR[self]

    @classmethod
    def from_code(cls, code: int) -> "ErrorValue":
        """The error with this ERROR.TYPE number."""
        return _BY_CODE[code]

    @classmethod
    def of(cls, value: object) -> "ErrorValue | None":
        """The error of a cell value: its text, or the 32-bit number that COM passes; None if it is none."""
        if isinstance(value, str):
            return _BY_TEXT.get(value) if value.startswith("#") else None
        if type(value) is int and _HRESULT_FIRST <= value <= _HRESULT_LAST:
            return _BY_XL_ERR.get(value - _HRESULT_FIRST + 2000, cls.VALUE)
        return None


_ERROR_TYPE = {
    ErrorValue.NULL: 1,
    ErrorValue.DIV0: 2,
    ErrorValue.VALUE: 3,
    ErrorValue.REF: 4,
    ErrorValue.NAME: 5,
    ErrorValue.NUM: 6,
    ErrorValue.NA: 7,
    ErrorValue.SPILL: 9,
    ErrorValue.CALC: 14,
}
_BY_CODE = {code: error for error, code in _ERROR_TYPE.items()}
_BY_TEXT = {error.value: error for error in ErrorValue}

# COM passes an error cell as an HRESULT: -2146826288 is xlErrNull (2000), the others follow.
_HRESULT_FIRST, _HRESULT_LAST = -2146826288, -2146826200
_BY_XL_ERR = {
    2000: ErrorValue.NULL,
    2007: ErrorValue.DIV0,
    2015: ErrorValue.VALUE,
    2023: ErrorValue.REF,
    2029: ErrorValue.NAME,
    2036: ErrorValue.NUM,
    2042: ErrorValue.NA,
    2045: ErrorValue.SPILL,
    2050: ErrorValue.CALC,
}
_XL_ERR = {error: number for number, error in _BY_XL_ERR.items()}


class RoiError(ValueError):
    """Base class of the errors of this package; `excel` is the error that a cell shows."""

    excel: ClassVar[ErrorValue] = ErrorValue.VALUE

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def message(self, language: str | None = None) -> str:
        """The error message, in the given or the current language."""
        from roi_xl.text import text

        return text(f"error.{self.key}", language, **self.values)

    def __str__(self) -> str:
        return self.message()


class InputError(RoiError):
    """A required argument is blank, is not a number, or names an unknown option: #VALUE!."""

    excel = ErrorValue.VALUE


class DomainError(RoiError):
    """A number is out of range, or no result exists: #NUM!."""

    excel = ErrorValue.NUM


class ZeroBaseError(RoiError):
    """A denominator given by the user is zero: #DIV/0!."""

    excel = ErrorValue.DIV0


class NotListedError(RoiError):
    """A GPU or model is not on the price sheet: #N/A."""

    excel = ErrorValue.NA


class ArgumentIsError(RoiError):
    """An argument is itself an error, which is passed on unchanged."""

    def __init__(self, key: str, error: ErrorValue, **values: object) -> None:
        super().__init__(key, error=error, **values)
        self.error = error


class BadInput(RoiError):
    """A case, file or option is not valid; the message says where, what was found and what is allowed."""


class BadWorkbook(BadInput):
    """A file is not a readable workbook, or lacks parts that are required."""


class OutputError(RoiError):
    """An output file cannot be written."""


class FileExists(OutputError):
    """The output file already exists and --force was not given."""


class FileInUse(OutputError):
    """Another program, usually a spreadsheet program, has the file open."""


class MissingPackage(BadInput):
    """An optional package is required and not installed."""
