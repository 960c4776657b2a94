"""`python -m roi_xl` and `roi-xl`: runs the command line and turns errors into one line and a code."""

import os
import signal
import sys

INTERRUPTED, TERMINATED, BROKEN_PIPE = 130, 143, 141  # 128 and the signal, as shells count
FAULT = 70  # a fault of the program itself


def main() -> None:
    """Run the command line.

    Exit codes: 0 ok, 1 a check failed, 2 usage, 3 bad input, 4 file in use or there already,
    130 interrupted, 70 a fault of the program, which is logged.
    """
    # openpyxl writes other bytes where lxml happens to be installed; ours are to be the same anywhere
    os.environ.setdefault("OPENPYXL_LXML", "False")
    try:
        # so that a terminated run, too, leaves no half-written file
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
        _choose_language(sys.argv)
        code = _run()
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code in (INTERRUPTED, BROKEN_PIPE):
        _drop_output()
    sys.exit(code)


def _run() -> int:
    from roi_xl.cli.wording import our_words

    with our_words():
        import click

    from roi_xl.cli.main import cli
    from roi_xl.errors import FileExists, FileInUse, RoiError

    try:
        code = cli.main(prog_name="roi-xl", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        from roi_xl.cli.wording import as_said

        print(as_said(error), end="", file=sys.stderr)
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except (FileExists, FileInUse) as error:
        return _say(str(error), 4)
    except RoiError as error:
        return _say(str(error), 3)
    except SystemExit:
        # click has met the broken pipe first, and said 1, which is ours for a failed check
        if "PacifyFlush" in type(sys.stdout).__name__:
            return BROKEN_PIPE
        raise
    except BrokenPipeError:
        return BROKEN_PIPE  # the reader of our output has gone; leave quietly, as others do
    except OSError as error:
        return _cannot_print(error)
    except MemoryError:
        return _no_memory()
    except Exception:  # noqa: BLE001 - no traceback reaches a terminal
        return _fault()
    return code if isinstance(code, int) else 0


def _choose_language(words: list[str]) -> None:
    """Take --lang before the commands are made, so that --help speaks the language too.

    A help page nobody chose a language for speaks that of the system; what commands write does not
    depend on the system.
    """
    from roi_xl.text import LANGUAGES, set_language, system_language, use

    for word, following in zip(words, [*words[1:], ""], strict=True):
        chosen = following if word == "--lang" else word.removeprefix("--lang=")
        if chosen in LANGUAGES and chosen != word:
            use(chosen)
    if set_language() is None and (len(words) == 1 or {"-h", "--help"} & set(words)):
        use(system_language())


def _say(message: str, code: int) -> int:
    from roi_xl.text import text

    print(text("cli.error", message=" ".join(message.split())), file=sys.stderr)
    return code


def _cannot_print(error: OSError) -> int:
    from roi_xl.text import text

    _drop_output()
    return _say(text("cli.no_output", reason=error.strerror), 3)


def _fault() -> int:
    from roi_xl.io.log import log_fault, log_path
    from roi_xl.text import text

    log_fault("roi-xl", sys.argv[1:])
    return _say(text("cli.fault", log=log_path()), FAULT)


def _no_memory() -> int:
    """Say so with as little as possible: 1 would mean that a rule failed."""
    from roi_xl.text import text

    return _say(text("cli.no_memory"), FAULT)


def _drop_output() -> None:
    """Let nothing more be printed: the interpreter would try once again as it ends."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
