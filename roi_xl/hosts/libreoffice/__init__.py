"""LibreOffice Calc as a host: the FT_ functions as an add-in generated from FUNCTIONS."""

from roi_xl.hosts.libreoffice.register import Status, install, status, uninstall

__all__ = ["Status", "install", "status", "uninstall"]
