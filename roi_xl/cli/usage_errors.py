"""Errors of usage in Chinese or English, worded from the fields of click's exceptions.

A sentence of click's that carries no fields of its own stays click's English.
"""

from collections.abc import Sequence

import click

from roi_xl.text import text


def usage_error_page(error: click.ClickException) -> str:
    """What a terminal shows of an error of usage: the usage line, where to find help, the message."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return f"{error.format_message()}\n"
    head = ""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        hint = text("click.try_help", command=error.ctx.command_path)
        head = f"{error.ctx.get_usage()}\n{hint}\n\n"
    return f"{head}{text('cli.error', message=usage_message(error))}\n"


def usage_message(error: click.ClickException) -> str:
    """The message alone, in the current language."""
    if isinstance(error, click.NoSuchOption):
        message = text("click.unknown_option", name=error.option_name)
        return with_suggestions(message, error.possibilities or ())
    if isinstance(error, click.MissingParameter) and error.param is not None:
        kind = "option" if isinstance(error.param, click.Option) else "argument"
        return text(f"click.missing_{kind}", name=_hint(error, error.param))
    if isinstance(error, click.BadOptionUsage):
        key = "option_takes_no_value" if _is_flag(error) else "option_needs_value"
        return text(f"click.{key}", name=error.option_name)
    if isinstance(error, click.BadParameter):
        if error.param is None:
            return text("click.invalid_value", message=error.message)
        name = _hint(error, error.param)
        return text("click.invalid_value_of", name=name, message=error.message)
    return error.format_message()


def with_suggestions(message: str, nearest: Sequence[str]) -> str:
    """The message followed by the names that may have been meant; as it is where there are none."""
    if not nearest:
        return message
    key = "did_you_mean" if len(nearest) == 1 else "did_you_mean_one_of"
    names = ", ".join(f"'{name}'" for name in sorted(nearest))
    return text(f"click.{key}", message=message, nearest=names)


def _hint(error: click.UsageError, param: click.Parameter) -> str:
    """The parameter as the usage line writes it: `'OUT'`, `'-o' / '--out'`."""
    return param.get_error_hint(error.ctx or click.Context(click.Command(None)))


def _is_flag(error: click.BadOptionUsage) -> bool:
    params = error.ctx.command.get_params(error.ctx) if error.ctx is not None else []
    named = (p for p in params if error.option_name in (*p.opts, *p.secondary_opts))
    return any(isinstance(p, click.Option) and p.is_flag for p in named)
