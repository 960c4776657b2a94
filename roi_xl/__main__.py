"""`python -m roi_xl` and `roi-xl`: runs the command line; an error becomes one line and an exit code."""

import os
import signal
import sys

from roi_xl.io.console import write_what_can_be_written

INTERRUPTED, TERMINATED, BROKEN_PIPE = 130, 143, 141  # 128 + signal number, as in shells
FAULT = 70  # a fault of the program itself (EX_SOFTWARE)


def main() -> None:
    """Run the command line.

    Exit codes: 0 success, 1 a check failed, 2 usage, 3 bad input, 4 file in use or already there,
    130 interrupted, 70 a fault of the program, which is logged (ROI_XL_DEBUG=1 shows the traceback).
    """
    # with lxml installed openpyxl writes other bytes; workbooks must be the same on every machine
    os.environ.setdefault("OPENPYXL_LXML", "False")
    write_what_can_be_written()
    try:
        # so that a terminated run leaves no half-written file either
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
        _choose_language(sys.argv)
        code = _run()
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code in (INTERRUPTED, BROKEN_PIPE):
        _drop_output()
    sys.exit(code)


def _run() -> int:
    import click

    from roi_xl.errors import FileExists, FileInUse, RoiError
    from roi_xl.text import MissingText

    try:
        from roi_xl.cli.main import cli  # here, since it looks up the texts of its help pages

        code = cli.main(prog_name="roi-xl", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        from roi_xl.cli.usage_errors import usage_error_page

        print(usage_error_page(error), end="", file=sys.stderr)
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except (FileExists, FileInUse) as error:
        return _say(str(error), 4)
    except RoiError as error:
        return _say(str(error), 3)
    except SystemExit:
        # click met the broken pipe first and exits with 1, which here means a failed check
        if "PacifyFlush" in type(sys.stdout).__name__:
            return BROKEN_PIPE
        raise
    except BrokenPipeError:
        return BROKEN_PIPE  # the reader of the output has gone: exit quietly
    except OSError as error:
        return _cannot_print(error)
    except MissingText as error:
        _show_traceback()
        print(f"roi-xl: {error}", file=sys.stderr)  # a fault of the texts needs no text
        return FAULT
    except MemoryError:
        return _no_memory()
    except Exception:  # noqa: BLE001 - a terminal shows a traceback only with ROI_XL_DEBUG=1
        return _fault()
    return code if isinstance(code, int) else 0


def _choose_language(words: list[str]) -> None:
    """Apply --lang before the commands are created, so that --help is in that language too.

    Without a chosen language, help pages are in that of the system; the output of commands does not
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
    _show_traceback()
    return _say(text("cli.fault", log=log_path()), FAULT)


def _show_traceback() -> None:
    """Print the traceback of the exception being handled, if ROI_XL_DEBUG=1."""
    from roi_xl.text import debugging

    if debugging():
        import traceback

        traceback.print_exc()


def _no_memory() -> int:
    """Say so with as little as possible: 1 would mean that a rule failed."""
    from roi_xl.text import text

    return _say(text("cli.no_memory"), FAULT)


def _drop_output() -> None:
    """Discard further output: the interpreter would try to flush again at exit."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
