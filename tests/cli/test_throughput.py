"""`roi-xl throughput` on both forms of vLLM's result files, and on files that are none."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from roi_xl.cli.main import cli
from roi_xl.cli.throughput import read_benchmark
from roi_xl.errors import BadInput

# the numbers of gpustack's Qwen3-14B on one A100 (ShareGPT), in the form that vLLM writes today
TODAY = {
    "duration": 106.82,
    "completed": 1000,
    "failed": 0,
    "total_input_tokens": 217393,
    "total_output_tokens": 201600,
    "request_throughput": 9.36,
    "request_goodput": None,
    "output_throughput": 1887.31,
    "total_token_throughput": 3922.41,
    "input_lens": [100, 200],
    "output_lens": [100, 200],
    "generated_texts": ["…"],
    "errors": [""],
    "max_concurrency": 256,
}
# LambdaLabsML/vllm-benchmark, Meta-Llama-3-8B on one A100 in 2024; totals by the published means
OF_2024 = {
    "date": "20240907-080000",
    "backend": "vllm",
    "model_id": "meta-llama/Meta-Llama-3-8B-Instruct",
    "best_of": 1,
    "use_beam_search": False,
    "num_prompts": 320,
    "request_rate": "inf",
    "duration": 21.04,
    "completed": 320,
    "total_input_tokens": 65568,
    "total_output_tokens": 65376,
    "request_throughput": 15.2,
    "input_throughput": 3116.0,
    "output_throughput": 3107.49,
    "mean_ttft_ms": 3423.0,
}


def run(tmp_path: Path, data: object, *words: str) -> Result:
    path = tmp_path / "result.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return CliRunner().invoke(cli, ["throughput", str(path), *words, "--lang", "en"])


def test_todays_form(tmp_path: Path) -> None:
    done = run(tmp_path, TODAY, "--gpu", "a100 80g", "--gpus", "2", "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["serving_gpu_model"] == "A100-80GB"
    assert found["serving_requests_per_gpu_hour"] == pytest.approx(1000 / 106.82 * 3600 / 2)
    assert found["input_tokens"] == pytest.approx(217.393)
    assert found["output_tokens"] == pytest.approx(201.6)
    assert found["output_tokens_per_s"] == pytest.approx(TODAY["output_throughput"], rel=1e-4)
    assert "256" in done.stderr


def test_the_form_of_2024(tmp_path: Path) -> None:
    done = run(tmp_path, OF_2024, "--gpu", "A100-80GB", "--gpus", "1")
    assert done.exit_code == 0
    assert "3,107.2 output tokens/s on 1 × A100-80GB" in done.stdout
    assert "input_tokens = 204.9" in done.stdout
    assert "output_tokens = 204.3" in done.stdout
    assert f"serving_requests_per_gpu_hour = {320 / 21.04 * 3600:.1f}" in done.stdout
    assert 'serving_gpu_model = "A100-80GB"' in done.stdout


def test_failed_requests_and_unknown_gpus_are_said(tmp_path: Path) -> None:
    done = run(tmp_path, {**TODAY, "failed": 12}, "--gpu", "H1000", "--gpus", "1")
    assert done.exit_code == 0
    assert "12 requests failed" in done.stderr
    assert "H100" in done.stderr
    assert 'serving_gpu_model = "H1000"' in done.stdout


def test_what_only_python_calls_json(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps({**TODAY, "request_rate": float("inf")}), encoding="utf-8")
    assert read_benchmark(path).requests == 1000


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ([], "list"),
        ({}, "completed"),
        ({**TODAY, "duration": 0}, "duration"),
        ({**TODAY, "completed": 0}, "completed"),
        ({**TODAY, "total_output_tokens": "many"}, "total_output_tokens"),
        ({**TODAY, "duration": float("nan")}, "duration"),
        ({**TODAY, "completed": True}, "completed"),
        ("not JSON", "JSON"),
    ],
)
def test_files_that_are_none(tmp_path: Path, data: object, named: str) -> None:
    path = tmp_path / "result.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    with pytest.raises(BadInput, match=named):
        read_benchmark(path)


def test_exit_code_of_a_file_that_is_none(tmp_path: Path) -> None:
    from tests.cli.test_help import roi_xl

    path = tmp_path / "result.json"
    path.write_text("{}", encoding="utf-8")
    words = ("throughput", str(path), "--gpu", "H100", "--gpus", "1", "--lang", "en")
    done = roi_xl(*words)
    assert done.returncode == 3
    assert "is not the result of a vLLM benchmark" in done.stderr
    assert roi_xl("throughput", str(path), "--gpu", "H100").returncode == 2
