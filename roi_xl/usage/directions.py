"""What the name of a token meter says: input, cached, written or output, and of which model."""

import re

from roi_xl.usage.declaration import CACHEABLE, CACHED, INPUT, OUTPUT

CACHED_INPUT, CACHE_WRITE, INPUT_TOKENS, OUTPUT_TOKENS = "cached", "written", "input", "output"

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d[\d.]*(?:[A-Za-z](?![A-Za-z]))?")
_OUT = {"output", "outp", "outpt", "opt", "outputs", "completion", "completions", "generated"}
_IN = {"input", "inp", "inpt", "inputs", "prompt"}
_CACHE = {"cached", "cache", "cchd", "cd", "caching"}
_WRITE = {"write", "writes", "wr", "creation", "written"}
_OTHER = {"embedding", "embeddings", "embed", "image", "img", "audio", "aud", "training", "speech"}
_OTHER |= {"tts", "stt", "asr", "video", "rerank", "moderation"}
_NOT_A_NAME = {"tokens", "token", "count", "global", "glbl", "gl", "regional", "regnl", "rgnl"}
_NOT_A_NAME |= {"data", "zone", "dzone", "dz", "batch", "std", "read", "1k", "1m", "context"}
_NOT_A_NAME |= _OUT | _IN | _CACHE | _WRITE

_UNIT = re.compile(
    r"(?:per\s+)?([\d,]+)?\s*(k|m|thousand|million|千|万|百万)?\s*(?:tok|tokens?)?", re.IGNORECASE
)
_FACTORS = {"k": 1e3, "thousand": 1e3, "千": 1e3, "万": 1e4, "m": 1e6, "million": 1e6, "百万": 1e6}


def direction(name: str) -> str | None:
    """Which tokens a meter counts; None where its name does not say, or says another service.

    Example:
        >>> direction("gpt 4o 0513 Input global Tokens"), direction("CacheReadInputTokenCount")
        ('input', 'cached')
    """
    words = {word.lower() for word in _WORDS.findall(name)}
    if words & _OTHER or (words & _OUT and words & _IN):
        return None
    if words & _OUT:
        return OUTPUT_TOKENS
    if words & _CACHE:
        return CACHE_WRITE if words & _WRITE else CACHED_INPUT
    return INPUT_TOKENS if words & _IN else None


def measures(kind: str) -> tuple[str, ...]:
    """What tokens of a direction add to; what is written to the cache is input, but not cached."""
    if kind == OUTPUT_TOKENS:
        return (OUTPUT,)
    return (INPUT, CACHEABLE, CACHED) if kind == CACHED_INPUT else (INPUT, CACHEABLE)


def model_of(name: str) -> str:
    """The model's part of a meter's name.

    Example:
        >>> model_of("gpt-4o-mini-0718-Inp-glbl Tokens")
        'gpt-4o-mini-0718'
    """
    words = [word for word in re.split(r"[\s_-]+", name) if word.lower() not in _NOT_A_NAME]
    return "-".join(words)


def tokens_per_unit(unit: str) -> float | None:
    """How many tokens a unit is, `1K Tokens` 1000; None for a unit that is no number of tokens.

    Example:
        >>> tokens_per_unit("MTok"), tokens_per_unit("1,000 tokens"), tokens_per_unit("Hours")
        (1000000.0, 1000.0, None)
    """
    found = _UNIT.fullmatch(unit.strip())
    if found is None or not unit.strip():
        return None
    times = float(found[1].replace(",", "")) if found[1] and found[1].strip(",") else 1.0
    return times * (_FACTORS[found[2].lower()] if found[2] else 1.0)
