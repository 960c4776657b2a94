"""Commands of the command line that have a module of their own; each has a `register(cli, lang)`."""
