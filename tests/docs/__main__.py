"""`python -m tests.docs` writes every generated block and the outputs of the console blocks.

`--tables` leaves the console blocks as they are.
"""

import re
import sys
import tempfile
from pathlib import Path

from tests.docs.pages import CONSOLE, MARKED, Page, Shell, agrees, commands, pages
from tests.docs.tables import generated


def with_tables(page: Page) -> str:
    """The page with its generated blocks as they are now."""
    return MARKED.sub(
        lambda m: f"<!-- begin {m[1]} -->\n{generated(m[1], page.language)}<!-- end {m[1]} -->",
        page.content,
    )


def with_outputs(page: Page) -> str:
    """The page with what its commands print now; a text with … stays while it still holds."""
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(Path(folder), page)

        def again(block: re.Match[str]) -> str:
            lines = ""
            for command, written in commands(block[1]):
                printed = shell.run(command)
                kept = written if written and agrees(written, printed) else printed
                lines += f"$ {command}\n{kept}"
            return f"```console\n{lines}```"

        return CONSOLE.sub(again, page.content)


def main(only_tables: bool) -> None:
    """Write all pages."""
    for page in pages():
        page.path.write_text(with_tables(page), encoding="utf-8")
        if not only_tables:
            page.path.write_text(with_outputs(page), encoding="utf-8")


if __name__ == "__main__":
    main("--tables" in sys.argv)
