"""`python -m roi_xl` and `roi-xl`: runs the command line and turns errors into one line and a code."""

import os
import sys


def main() -> None:
    """Run the command line.

    Exit codes: 0 ok, 1 a check failed, 2 usage, 3 bad input, 4 file in use or there already.
    """
    _choose_language(sys.argv)
    from roi_xl.cli import cli
    from roi_xl.errors import FileExists, FileInUse, RoiError

    try:
        cli.main(prog_name="roi-xl", standalone_mode=True)
    except (FileExists, FileInUse) as error:
        _say(error)
        sys.exit(4)
    except RoiError as error:
        _say(error)
        sys.exit(3)
    except BrokenPipeError:
        # the reader of our output has gone; leave quietly, as other commands do
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _choose_language(words: list[str]) -> None:
    """Take --lang before the commands are made, so that --help speaks the language too."""
    from roi_xl.text import LANGUAGES, use

    for word, following in zip(words, [*words[1:], ""], strict=True):
        chosen = following if word == "--lang" else word.removeprefix("--lang=")
        if chosen in LANGUAGES and chosen != word:
            use(chosen)


def _say(error: Exception) -> None:
    from roi_xl.text import text

    print(text("cli.error", message=" ".join(str(error).split())), file=sys.stderr)


if __name__ == "__main__":
    main()
