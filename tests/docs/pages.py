"""The pages of the documentation, their generated blocks and their console blocks.

Between `<!-- begin NAME -->` and `<!-- end NAME -->` stands a generated table. A console block holds
commands after `$ ` and what they print; … stands for anything, of one line or of several. A fenced
block with a file's name after its language is that file.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MARKED = re.compile(r"<!-- begin ([\w-]+) -->\n(.*?)<!-- end \1 -->", re.S)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
FILE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.M | re.S)
HEADING = re.compile(r"^#+ (.*)$", re.M)
ANYTHING = "…"


@dataclass(frozen=True)
class Page:
    """One Markdown file in one language."""

    path: Path
    language: str

    @property
    def name(self) -> str:
        """Its path in the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def topic(self) -> str:
        """What is the same in both languages: README, or the file's name in docs."""
        return self.path.name.removesuffix(".md").removesuffix(".zh")

    @property
    def content(self) -> str:
        """Its Markdown."""
        return self.path.read_text(encoding="utf-8")

    @property
    def commands(self) -> list[tuple[str, str]]:
        """The commands of its console blocks, each with what stands below it."""
        return [command for block in CONSOLE.findall(self.content) for command in commands(block)]

    @property
    def anchors(self) -> set[str]:
        """The addresses of its headings: small letters, hyphens for spaces, no punctuation."""
        titles = (m[1].lower() for m in HEADING.finditer(without_code(self.content)))
        return {re.sub(r"[^\w\s-]", "", title).replace(" ", "-") for title in titles}


def pages() -> list[Page]:
    """Every page, README first."""
    found = [Page(ROOT / "README.md", "en"), Page(ROOT / "README.zh.md", "zh")]
    for language in ("en", "zh"):
        found += [Page(path, language) for path in sorted((DOCS / language).glob("*.md"))]
    return found


def without_code(markdown: str) -> str:
    """Without fenced blocks, whose comments look like headings."""
    return re.sub(r"^```.*?^```$", "", markdown, flags=re.M | re.S)


def commands(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with what stands below it."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.M)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


class Shell:
    """A folder that holds only the files of a page; `roi-xl` and `python` are this interpreter's."""

    def __init__(self, folder: Path, page: Page) -> None:
        self.folder = folder / "work"
        tools = folder / "bin"
        for made in (self.folder, tools):
            made.mkdir()
        for name, content in FILE.findall(page.content):
            (self.folder / name).write_text(content, encoding="utf-8")
        for name, arguments in (("roi-xl", " -m roi_xl"), ("python", "")):
            tool = tools / name
            tool.write_text(f'#!/bin/sh\nexec "{sys.executable}"{arguments} "$@"\n')
            tool.chmod(0o755)
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        paths = f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}".rstrip(os.pathsep)
        self.environment = {
            **os.environ,
            "PATH": path,
            "PYTHONPATH": paths,
            "ROI_XL_LANG": page.language,
            "COLUMNS": "100",
        }

    def run(self, command: str) -> str:
        """What the command prints, messages included."""
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
        )
        return done.stdout


def agrees(written: str, printed: str) -> bool:
    """Whether a console block says what was printed; … stands for anything."""
    pattern = ".*".join(map(re.escape, written.strip().split(ANYTHING)))
    return re.fullmatch(pattern, printed.strip(), re.S) is not None
