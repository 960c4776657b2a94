"""Commands of their own modules; each is imported when it is used."""
