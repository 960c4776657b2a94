"""The Summary as a page to hand in: HTML without outside files, PDF through LibreOffice."""
