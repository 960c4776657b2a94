"""click's commands, groups, options and value types, with help pages and messages in our words.

Their texts are in `text/*/click.toml`. A command's module is imported when the command is called.
"""

import difflib
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from roi_xl.cli.help import Context, examples_paragraph
from roi_xl.cli.usage_errors import with_suggestions
from roi_xl.text import has_text, text

if TYPE_CHECKING:
    from roi_xl.units import Quantity

    NumberType = click.ParamType[float]
else:
    NumberType = click.ParamType  # not generic before click 8.4


# --- values of options ---------------------------------------------------------------------------


class Choice(click.Choice[str]):
    """One of several words."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:  # noqa: ARG002
        """What is said of another word."""
        choices = ", ".join(f"'{choice}'" for choice in self.choices)
        return text("click.not_a_choice", found=value, choices=choices)


class Number(NumberType):
    """A number within bounds, written as people write numbers.

    Args:
        lower: the least value allowed, or the bound above which it lies with `lower_open`.
        upper: the greatest value allowed.
        lower_open: whether `lower` itself is not allowed.
        whole: whether only whole numbers are allowed.
        share: whether percentages such as `20%` are read, too.
    """

    name = "number"

    def __init__(
        self,
        lower: float | None = None,
        upper: float | None = None,
        *,
        lower_open: bool = False,
        whole: bool = False,
        share: bool = False,
    ) -> None:
        self.lower, self.upper, self.lower_open = lower, upper, lower_open
        self.whole, self.share = whole, share

    @property
    def quantity(self) -> "Quantity":
        """The bounds as the rest of the package declares them."""
        from roi_xl.units import Quantity, Unit

        return Quantity(
            Unit("number"), self.lower, self.upper, lower_open=self.lower_open, whole=self.whole
        )

    def allowed(self) -> str:
        """What is allowed, in words: `a number ≥ 0 and ≤ 0.99`."""
        from roi_xl.units import allowed

        return allowed(self.quantity)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | int:
        """The number that was typed."""
        from roi_xl.errors import BadInput
        from roi_xl.io.numbers import number, percentage
        from roi_xl.units import within

        try:
            read = percentage(str(value)) if self.share else None
            read = number(str(value)) if read is None else read
        except BadInput as error:
            self.fail(str(error), param, ctx)
        if read is None or not within(self.quantity, read):
            message = text("click.not_a_number", found=value, allowed=self.allowed())
            self.fail(message, param, ctx)
        return int(read) if self.whole else read


class Option(click.Option):
    """An option whose help ends with its default, its bounds, and whether it must be given."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help, for the list of options."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        extra = self.get_help_extra(ctx)
        notes = []
        if "default" in extra:
            notes.append(text("click.default", default=extra["default"]))
        if isinstance(self.type, Number) and (self.type.lower, self.type.upper) != (None, None):
            notes.append(self.type.allowed())
        if "required" in extra:
            notes.append(text("click.required"))
        return record[0], f"{self.help or ''}  [{'; '.join(notes)}]" if notes else self.help or ""


# --- commands ------------------------------------------------------------------------------------


class _BaseCommand(click.Command):
    """What commands and groups share: help pages with examples, and options, in our words."""

    context_class = Context

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", text("click.options_metavar"))
        super().__init__(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; errors of the parser, too, get the context they occurred in."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, then the text."""
        paragraph = examples_paragraph(_key(ctx))
        if paragraph:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(paragraph)
        super().format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options."""
        options = (p for p in self.get_params(ctx) if isinstance(p, click.Option))
        records = [r for r in (option.get_help_record(ctx) for option in options) if r is not None]
        with formatter.section(text("click.options")):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("click.show_help")
        return option


class Command(_BaseCommand):
    """A command that says in our words which arguments are too many."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments and refuse those that are left over."""
        strict, ctx.allow_extra_args = not ctx.allow_extra_args, True
        rest = super().parse_args(ctx, args)
        if rest and strict and not ctx.resilient_parsing:
            raise click.UsageError(text("click.extra_arguments", found=" ".join(rest)), ctx)
        return rest


class Group(_BaseCommand, click.Group):
    """A group of commands; those in `homes` are imported when they are called.

    Args:
        homes: command names and the modules that hold them, each under the command's own name.
    """

    def __init__(
        self,
        *args: Any,
        homes: Mapping[str, str] | None = None,
        callback: Callable[..., Any] | None = None,
        **kwargs: Any,
    ) -> None:
        # click calls the callback where no command was named, so that it can say so
        super().__init__(
            *args,
            callback=callback or click.pass_context(require_command),
            invoke_without_command=True,
            no_args_is_help=True,
            subcommand_metavar=text("click.command_metavar"),
            **kwargs,
        )
        self.homes = dict(homes or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted({*self.homes, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported if it is not there yet; None if there is none."""
        if cmd_name in self.homes and cmd_name not in self.commands:
            self.add_command(getattr(import_module(self.homes[cmd_name]), cmd_name))
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            self._refuse(name, ctx)
        return super().resolve_command(ctx, args)

    def _refuse(self, name: str, ctx: click.Context) -> NoReturn:
        nearest = difflib.get_close_matches(name, self.list_commands(ctx))
        message = text("click.unknown_command", name=name)
        raise click.UsageError(with_suggestions(message, nearest), ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with a line each, without importing them."""
        prefix = "" if ctx.parent is None else f"{_key(ctx)}."
        rows = [(name, _summary(f"{prefix}{name}")) for name in self.list_commands(ctx)]
        with formatter.section(text("click.commands")):
            formatter.write_dl(rows)


def require_command(ctx: click.Context) -> None:
    """Refuse a call of a group that names no command.

    Raises:
        UsageError: no command was named.
    """
    if ctx.invoked_subcommand is None:
        raise click.UsageError(text("click.missing_command"), ctx)


def _key(ctx: click.Context) -> str:
    """The place of a command's examples and summary: `prices.list`, `roi-xl` for the whole."""
    names: list[str] = []
    at: click.Context | None = ctx
    while at is not None and at.parent is not None:
        names.insert(0, str(at.info_name))
        at = at.parent
    return ".".join(names) or "roi-xl"


def _summary(key: str) -> str:
    return text(f"help.short.{key}") if has_text(f"help.short.{key}", "en") else ""


Decorator = Callable[[Callable[..., Any]], Any]


def command(help: str, name: str | None = None) -> Callable[[Callable[..., Any]], Command]:
    """A decorator that makes a function a command."""
    return click.command(name, cls=Command, help=help)


def option(*names: str, **settings: Any) -> Decorator:
    """A decorator that gives a command an option."""
    return click.option(*names, cls=Option, **settings)
