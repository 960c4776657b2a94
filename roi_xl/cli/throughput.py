"""`roi-xl throughput`: what a vLLM benchmark measured, as inputs of a case."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import Number, command, option
from roi_xl.cli.options import json_option, lang_option
from roi_xl.cli.output import print_json
from roi_xl.text import text

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 200_000_000  # of a result with all answers' texts and times
_SHOWN = (
    "serving_gpu_model",
    "serving_requests_per_gpu_hour",
    "input_tokens",
    "output_tokens",
)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one benchmark run says: requests answered, their tokens, and how long it took."""

    requests: float
    failed: float
    seconds: float
    all_input_tokens: float
    all_output_tokens: float
    most_at_once: float | None

    @property
    def output_tokens_per_s(self) -> float:
        """Output tokens per second of all GPUs together."""
        return self.all_output_tokens / self.seconds

    def requests_per_gpu_hour(self, gpus: float) -> float:
        """Requests that one of the GPUs answers in an hour at this load."""
        return self.requests / self.seconds * 3600 / gpus


@command(help=text("throughput.help"))
@click.argument("file", metavar="FILE.json", shell_complete=completion.files)
@option("--gpu", metavar="NAME", required=True, help=text("throughput.gpu"))
@option("--gpus", type=Number(1, whole=True), required=True, help=text("throughput.gpus"))
@json_option
@lang_option
def throughput(
    file: str,
    gpu: str,
    gpus: int,
    as_json: bool,
    lang: str | None,  # noqa: ARG001 - chosen by its callback
) -> None:
    """Print what a vLLM benchmark measured as inputs of a case."""
    from pathlib import Path

    from roi_xl.prices.hardware import find_spec, specs
    from roi_xl.prices.names import hint

    found = read_benchmark(Path(file))
    spec = find_spec(gpu)
    if spec is None:
        near = hint(gpu, [name for s in specs() for name in s.names])
        click.echo(text("throughput.unknown_gpu", found=f'"{gpu}"', hint=near), err=True)
    data = as_data(found, gpu if spec is None else spec.gpu, gpus)
    if as_json:
        print_json(data)
    else:
        for line in lines(data):
            click.echo(line)
    if found.failed:
        click.echo(text("throughput.failed", failed=f"{found.failed:,.0f}"), err=True)
    if found.most_at_once:
        click.echo(text("throughput.at_once", found=f"{found.most_at_once:,.0f}"), err=True)


def as_data(found: Measurement, gpu: str, gpus: int) -> dict[str, object]:
    """Inputs of a case by name, and what else was measured."""
    return {
        "serving_gpu_model": gpu,
        "serving_requests_per_gpu_hour": found.requests_per_gpu_hour(gpus),
        "input_tokens": found.all_input_tokens / found.requests,
        "output_tokens": found.all_output_tokens / found.requests,
        "output_tokens_per_s": found.output_tokens_per_s,
        "gpus": gpus,
        "requests": found.requests,
        "failed": found.failed,
        "seconds": found.seconds,
    }


def lines(data: Mapping[str, Any]) -> list[str]:
    """The measurement as lines of a case file, the first a remark."""
    summary = text(
        "throughput.summary",
        tokens=f"{data['output_tokens_per_s']:,.1f}",
        gpus=data["gpus"],
        gpu=data["serving_gpu_model"],
        requests=f"{data['requests']:,.0f}",
        seconds=f"{data['seconds']:,.1f}",
    )
    shown = [f"# {summary}"]
    for name in _SHOWN:
        value = data[name]
        if isinstance(value, str):
            quoted = value.replace("\\", "\\\\").replace('"', '\\"')
            shown.append(f'{name} = "{quoted}"')
        else:
            shown.append(f"{name} = {value:.1f}")
    return shown


def read_benchmark(path: "Path") -> Measurement:
    """What a result file of vLLM's benchmark holds, in the form of 2024 or of today.

    Raises:
        BadInput: it is no such file; the message names the entry that is missing or wrong.
    """
    from roi_xl.errors import BadInput
    from roi_xl.io.text_files import json_data

    data = json_data(path, MOST_BYTES, infinities=True)
    if not isinstance(data, dict):
        raise BadInput(
            "not_benchmark",
            path=path,
            name="JSON",
            found=type(data).__name__,
            allowed='{"duration": …, "completed": …}',
        )

    def entry(name: str, least: float, default: float | None = None) -> float:
        value: Any = data.get(name, default)
        number = float(value) if type(value) in (int, float) else math.nan
        if math.isfinite(number) and number >= least:
            return number
        shown = "—" if value is None else f'"{str(value)[:40]}"'
        raise BadInput("not_benchmark", path=path, name=name, found=shown, allowed=f"≥ {least:g}")

    most = data.get("max_concurrency")
    return Measurement(
        requests=entry("completed", 1.0),
        failed=entry("failed", 0.0, 0.0),
        seconds=entry("duration", 0.001),
        all_input_tokens=entry("total_input_tokens", 0.0),
        all_output_tokens=entry("total_output_tokens", 1.0),
        most_at_once=float(most) if isinstance(most, (int, float)) and most > 0 else None,
    )
